"""Who watches scores, and the marks of customers who passed something that is watched.

A mark keeps how the customer stood when last claimed, whatever happened since: who claims it
compares that with the present, and so sees a crossing once, however often scores were written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from pulsescore.scoring.config import FACTORS, Config
from pulsescore.scoring.models import ScoreMark, ScoreWatch
from pulsescore.scoring.statements import statement

_HIGHEST = 100.0
# Whether a raw value passed one of its edges; a factor that is not known is beneath them all.
_PASSING = (
    "width_bucket(coalesce(nullif(kept.raws[{place}], 'NaN'), -1), %(factor{place})s::float8[])"
    " <> width_bucket(coalesce(nullif(staged.raw{place}, 'NaN'), -1), %(factor{place})s::float8[])"
)
_PLACES = {key: str(place) for place, key in enumerate(FACTORS, start=1)}


@dataclass(frozen=True)
class Watch:
    """What is watched: any other score, any other level, scores passed, raw values by factor."""

    any_change: bool = False
    levels: bool = False
    level_margin: float = 0.0
    edges: frozenset[float] = frozenset()
    factor_edges: Mapping[str, frozenset[float]] = field(default_factory=dict)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is watched at all."""
        return not (self.any_change or self.levels or self.edges or self.factor_edges)


class Mark(NamedTuple):
    """A claimed mark: how the customer stood before; raw values in the order of the factors."""

    customer_id: int
    score: int | None
    level: str | None
    raws: list[float]
    marked_at: datetime


def save_watch(org_id: int, watcher: str, watch: Watch) -> None:
    """Say what a stage watches, instead of what it watched before."""
    rows = ScoreWatch.objects.for_org(org_id)
    if watch.is_idle:
        rows.filter(watcher=watcher).delete()
        return
    rows.update_or_create(
        org_id=org_id,
        watcher=watcher,
        defaults={
            "any_change": watch.any_change,
            "levels": watch.levels,
            "level_margin": watch.level_margin,
            "edges": sorted(watch.edges),
            "factor_edges": {
                _PLACES[key]: sorted(edges) for key, edges in watch.factor_edges.items()
            },
        },
    )


def mark_passed(org_id: int, config: Config, *, now: datetime) -> None:
    """Mark those staged who pass something watched; before their scores are written."""
    rows = list(ScoreWatch.objects.for_org(org_id))
    if not rows:
        return
    parameters: dict[str, Any] = {
        "org_id": org_id,
        "now": now,
        "any_change": any(row.any_change for row in rows),
        "levels": any(row.levels for row in rows),
        "edges": sorted({edge for row in rows for edge in (*row.edges, *_ends(row, config))}),
    }
    passing = ["FALSE"]
    for place in _PLACES.values():
        edges = {edge for row in rows for edge in row.factor_edges.get(place, ())}
        if edges:
            parameters[f"factor{place}"] = sorted(edges)
            passing.append(_PASSING.format(place=place))
    query = statement("mark_passed").format(factors="\n        OR ".join(passing))
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)


def claim(org_id: int, limit: int) -> list[Mark]:
    """Take up to `limit` marks, oldest first.

    Call it in the transaction that tells of them, and read scores afterwards: whoever writes them
    meanwhile waits for that transaction, and marks anew.
    """
    with connection.cursor() as cursor:
        cursor.execute(statement("claim_marks"), {"org_id": org_id, "limit": limit})
        return [Mark(*row) for row in cursor.fetchall()]


def mark_again(org_id: int, customer_ids: Sequence[int], *, now: datetime) -> int:
    """Mark customers as they stand, so that somebody looks at them once more."""
    with connection.cursor() as cursor:
        cursor.execute(
            statement("mark_again"), {"org_id": org_id, "ids": list(customer_ids), "now": now}
        )
        return int(cursor.rowcount)


def orgs_with_marks() -> list[int]:
    """The organizations in which somebody waits to be looked at."""
    rows = ScoreMark.objects.across_orgs("the worker looks after every organization")
    return list(rows.order_by("org_id").values_list("org_id", flat=True).distinct())


def _ends(row: ScoreWatch, config: Config) -> set[float]:
    """The scores at which levels end, and those at which they are left by the margin."""
    if not row.levels:
        return set()
    ends = (config.yellow, config.green)
    above = {min(end + row.level_margin, _HIGHEST) for end in ends}
    return {*ends, *above, *(max(end - row.level_margin, 1.0) for end in ends)}
