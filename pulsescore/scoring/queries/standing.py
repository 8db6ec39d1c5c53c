"""A customer's score for their page: as it stands, how it came about, and what moved it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.db.models import Q, Subquery

from pulsescore.scoring.config import Config
from pulsescore.scoring.models import HealthScore, ScorePoint
from pulsescore.scoring.moved import FactorChange, Scored, factor_changes
from pulsescore.scoring.queries.health import Health, health_of, present_score
from pulsescore.scoring.versions import configs_of
from pulsescore.store.models import Customer

BIG_CHANGE = 10


@dataclass(frozen=True)
class Moved:
    """The score between two instants, and by how many points each factor moved it."""

    since: datetime
    at: datetime
    score_then: int | None
    level_then: str | None
    score_now: int | None
    level_now: str | None
    changes: list[FactorChange]
    reconstructed: bool = False

    @property
    def by(self) -> int | None:
        """The difference, which the changes sum to exactly; None where one has no score."""
        if self.score_then is None or self.score_now is None:
            return None
        return self.score_now - self.score_then


@dataclass(frozen=True)
class Standing:
    """The present score, its history oldest first (one point before its start included)."""

    health: Health
    points: list[ScorePoint]
    config: Config
    moved: Moved | None
    turns: list[Moved]


def get_standing(customer: Customer, *, start: datetime, since: datetime) -> Standing:
    """Score, history from `start`, what moved it since `since`, and the changes worth telling.

    Compared is with the last point at or before `since`, or else the first there is. Three
    statements, whatever the customer.
    """
    row = present_score(customer.org_id, customer.pk)
    points = _points(customer, min(start, since))
    versions = {point.config_version for point in points} | ({row.config_version} if row else set())
    configs, present = configs_of(customer.org_id, versions)
    then = _at(points, since)
    moved = _between(then, _as_point(row), configs) if row and then else None
    shown = _from(points, start)
    return Standing(
        health_of(customer, row, configs), shown, present, moved, _turns(shown, configs)
    )


def _points(customer: Customer, start: datetime) -> list[ScorePoint]:
    """The points from `start` on, and the last one before it. Index: score_point_once."""
    own = ScorePoint.objects.for_org(customer.org_id).filter(customer_id=customer.pk)
    before = own.filter(at__lte=start).order_by("-at").values("at")[:1]
    return list(own.filter(Q(at__gte=start) | Q(at=Subquery(before))).order_by("at"))


def _at(points: Sequence[ScorePoint], since: datetime) -> ScorePoint | None:
    earlier = [point for point in points if point.at <= since]
    return earlier[-1] if earlier else next(iter(points), None)


def _from(points: Sequence[ScorePoint], start: datetime) -> list[ScorePoint]:
    later = [point for point in points if point.at > start]
    return [*[point for point in points if point.at <= start][-1:], *later]


def _as_point(row: HealthScore | None) -> ScorePoint | None:
    if row is None:
        return None
    return ScorePoint(
        org_id=row.org_id,
        customer_id=row.customer_id,
        at=row.calculated_at,
        score=row.score,
        risk_level=row.risk_level,
        values=row.values,
        config_version=row.config_version,
        cap=row.cap,
        override_id=row.override_id,
        computed_score=row.computed_score,
    )


def _turns(points: Sequence[ScorePoint], configs: Mapping[int, Config]) -> list[Moved]:
    """Changes of level, or by ten points or more, from the end of one day to the next."""
    last_of_day = {point.at.date(): point for point in points}
    days = list(last_of_day.values())
    turns: list[Moved] = []
    for then, now in pairwise(days):
        moved = _between(then, now, configs)
        if moved and (then.risk_level != now.risk_level or abs(moved.by or 0) >= BIG_CHANGE):
            turns.append(moved)
    return turns


def _between(
    then: ScorePoint | None, now: ScorePoint | None, configs: Mapping[int, Config]
) -> Moved | None:
    if then is None or now is None:
        return None
    changes = factor_changes(
        Scored.of(then, configs[then.config_version]), Scored.of(now, configs[now.config_version])
    )
    return Moved(
        since=then.at,
        at=now.at,
        score_then=then.score,
        level_then=then.risk_level,
        score_now=now.score,
        level_now=now.risk_level,
        changes=changes,
        reconstructed=now.reconstructed,
    )
