"""How the customers of an organization stand now: levels, scores, and who has none."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from pulsescore.scoring.wording import REASONS

BINS = 10
RISKS = ("green", "yellow", "red", "none")


@dataclass(frozen=True)
class Bin:
    """Scores from `low` to `high`, both included, by level."""

    low: int
    high: int
    green: int
    yellow: int
    red: int

    @property
    def count(self) -> int:
        """All customers of the bin."""
        return self.green + self.yellow + self.red


@dataclass(frozen=True)
class Coverage:
    """How many customers have a score, and why the others have none: (reason, words, count)."""

    total: int
    scored: int
    reasons: list[tuple[str, str, int]]

    @property
    def share(self) -> float | None:
        """The scored part of all, nothing where there is nobody."""
        return self.scored / self.total if self.total else None


# Deleted customers are in no count. Served by health_by_level and the customers' primary key.
_LEVELS = """
    SELECT coalesce(h.risk_level, 'none'), count(*), coalesce(sum(h.score), 0)
    FROM store_customer AS c
    LEFT JOIN scoring_healthscore AS h ON h.customer_id = c.id AND h.org_id = c.org_id
    WHERE c.org_id = %(org_id)s AND c.deleted_at IS NULL
    GROUP BY 1
"""
_BINS = """
    SELECT least(h.score / 10, 9), h.risk_level, count(*)
    FROM scoring_healthscore AS h
    JOIN store_customer AS c ON c.id = h.customer_id
    WHERE h.org_id = %(org_id)s AND c.org_id = %(org_id)s AND c.deleted_at IS NULL
        AND h.score IS NOT NULL
    GROUP BY 1, 2
"""
_REASONS = """
    SELECT coalesce(h.reason, CASE WHEN h.score IS NULL THEN 'not_calculated' END), count(*)
    FROM store_customer AS c
    LEFT JOIN scoring_healthscore AS h ON h.customer_id = c.id AND h.org_id = c.org_id
    WHERE c.org_id = %(org_id)s AND c.deleted_at IS NULL
    GROUP BY 1
"""


def risk_distribution(org_id: int) -> dict[str, int]:
    """Customers per level; `none` are those without a score."""
    levels, _score_sum = standing(org_id)
    return levels


def standing(org_id: int) -> tuple[dict[str, int], int]:
    """Customers per level, and the sum of their scores."""
    rows = _rows(_LEVELS, org_id)
    levels = {**dict.fromkeys(RISKS, 0), **{level: count for level, count, _sum in rows}}
    return levels, sum(int(total) for _level, _count, total in rows)


def histogram(org_id: int) -> list[Bin]:
    """Customers per ten points and level; the last bin includes 100."""
    counts: list[dict[str, int]] = [dict.fromkeys(RISKS[:3], 0) for _ in range(BINS)]
    for place, level, count in _rows(_BINS, org_id):
        counts[place][level] = count
    return [
        Bin(low=10 * place, high=100 if place == BINS - 1 else 10 * place + 9, **levels)
        for place, levels in enumerate(counts)
    ]


def coverage(org_id: int) -> Coverage:
    """Who has a score, and why the others have none, the most frequent reason first."""
    counts = dict(_rows(_REASONS, org_id))
    scored = counts.pop(None, 0)
    reasons = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return Coverage(
        total=scored + sum(counts.values()),
        scored=scored,
        reasons=[(reason, REASONS[reason], count) for reason, count in reasons],
    )


def _rows(query: str, org_id: int) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"org_id": org_id})
        return list(cursor.fetchall())
