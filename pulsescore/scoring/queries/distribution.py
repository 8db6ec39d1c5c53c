"""How the customers of an organization stand now: levels, scores, and who has none."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from django.db import connection

from pulsescore.scoring.queries.survey import Kept, look_for_survey
from pulsescore.scoring.statements import statement
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


@dataclass(frozen=True)
class Census:
    """Everybody counted at one instant: (level, place of the bin, reason for no score) to count.

    `surveyed_at` is that instant if it is not now.
    """

    counts: dict[tuple[str, int | None, str | None], int]
    score_sum: int
    surveyed_at: datetime | None = None

    @classmethod
    def of(cls, rows: Iterable[Sequence[Any]]) -> Self:
        """From rows of level, place of the bin, reason, count and sum of scores."""
        rows = list(rows)
        return cls(
            counts={(level, place, reason): count for level, place, reason, count, _sum in rows},
            score_sum=sum(int(row[4]) for row in rows),
        )

    @property
    def levels(self) -> dict[str, int]:
        """Customers per level; `none` are those without a score."""
        found = Counter(dict.fromkeys(RISKS, 0))
        for (level, _place, _reason), count in self.counts.items():
            found[level] += count
        return dict(found)

    @property
    def bins(self) -> list[Bin]:
        """Customers per ten points and level; the last bin includes 100."""
        return [self._bin(place) for place in range(BINS)]

    @property
    def coverage(self) -> Coverage:
        """Who has a score, and why the others have none, the most frequent reason first."""
        found: Counter[str | None] = Counter()
        for (_level, _place, reason), count in self.counts.items():
            found[reason] += count
        scored = found.pop(None, 0)
        reasons = sorted(
            ((reason, count) for reason, count in found.items() if reason),
            key=lambda item: (-item[1], item[0]),
        )
        return Coverage(
            total=scored + sum(found.values()),
            scored=scored,
            reasons=[(reason, REASONS[reason], count) for reason, count in reasons],
        )

    def _bin(self, place: int) -> Bin:
        levels = {level: self.counts.get((level, place, None), 0) for level in RISKS[:3]}
        return Bin(low=10 * place, high=100 if place == BINS - 1 else 10 * place + 9, **levels)


def census(org_id: int, now: datetime, *, kept: Kept | None = None) -> Census:
    """Everybody, counted; large organizations are as of the last survey.

    `kept` is that survey, where the caller has looked for it.
    """
    survey = (kept or look_for_survey(org_id, now)).survey
    if survey is None:
        return Census.of(count_everybody(org_id))
    return replace(Census.of(survey.counts), surveyed_at=survey.taken_at)


def count_everybody(org_id: int) -> list[tuple[Any, ...]]:
    """Look at everybody once; rows as `Census.of` takes them."""
    with connection.cursor() as cursor:
        cursor.execute(statement("census"), {"org_id": org_id})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def risk_distribution(org_id: int, now: datetime) -> dict[str, int]:
    """Customers per level; `none` are those without a score."""
    return census(org_id, now).levels


def histogram(org_id: int, now: datetime) -> list[Bin]:
    """Customers per ten points and level; the last bin includes 100."""
    return census(org_id, now).bins


def coverage(org_id: int, now: datetime) -> Coverage:
    """Who has a score, and why the others have none, the most frequent reason first."""
    return census(org_id, now).coverage
