"""One customer's score, explanation and history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pulsescore.core.errors import NotFound
from pulsescore.scoring.config import Config
from pulsescore.scoring.explain import (
    FactorChange,
    FactorRow,
    factor_changes,
    factor_rows,
    rounding_of,
)
from pulsescore.scoring.models import HealthScore, ScorePoint
from pulsescore.scoring.versions import config_of_version
from pulsescore.scoring.wording import REASONS
from pulsescore.store.models import Customer

_DAY_SECS = 86400


@dataclass(frozen=True)
class Health:
    """A customer's score as it stands, or why there is none, and the factors behind it."""

    score: int | None
    risk_level: str | None
    reason: str | None
    reason_words: str | None
    calculated_at: datetime | None
    config_version: int | None
    factors: list[FactorRow]
    rounding: float


@dataclass(frozen=True)
class Explanation:
    """A score explained, and against an earlier point: what moved it, adding up exactly."""

    health: Health
    since: datetime | None = None
    score_then: int | None = None
    changes: list[FactorChange] = field(default_factory=list)


def get_health(org_id: int, customer_id: int) -> Health:
    """The present score of a customer; raises `NotFound` for another organization's."""
    customer = _get_customer(org_id, customer_id)
    row = HealthScore.objects.for_org(org_id).filter(customer_id=customer_id).first()
    return _health(customer, row)


def get_explanation(org_id: int, customer_id: int, *, since: datetime | None) -> Explanation:
    """The present score explained, compared with how it stood at `since` (None: not compared).

    The point compared with is the last at or before `since`, or else the first one there is.
    """
    customer = _get_customer(org_id, customer_id)
    row = HealthScore.objects.for_org(org_id).filter(customer_id=customer_id).first()
    health = _health(customer, row)
    point = _point_at(org_id, customer_id, since) if since else None
    if row is None or point is None:
        return Explanation(health)
    changes = factor_changes(
        then=point.values,
        score_then=point.score,
        config_then=config_of_version(org_id, point.config_version),
        now=row.values,
        score_now=row.score,
        config_now=config_of_version(org_id, row.config_version),
    )
    return Explanation(health, since=point.at, score_then=point.score, changes=changes)


def score_history(
    org_id: int, customer_id: int, start: datetime | None = None, end: datetime | None = None
) -> list[ScorePoint]:
    """The points of a customer's history from `start` to `end`, both included, oldest first."""
    _get_customer(org_id, customer_id)
    points = ScorePoint.objects.for_org(org_id).filter(customer_id=customer_id)
    if start is not None:
        points = points.filter(at__gte=start)
    if end is not None:
        points = points.filter(at__lte=end)
    return list(points.order_by("at"))


def _get_customer(org_id: int, customer_id: int) -> Customer:
    customer = Customer.objects.for_org(org_id).filter(pk=customer_id).first()
    if customer is None:
        raise NotFound("There is no such customer in this organization.")
    return customer


def _health(customer: Customer, row: HealthScore | None) -> Health:
    configs = {row.config_version: config_of_version(row.org_id, row.config_version)} if row else {}
    return health_of(customer, row, configs)


def health_of(customer: Customer, row: HealthScore | None, configs: Mapping[int, Config]) -> Health:
    """A stored score as pages and the API tell it; `configs` by version."""
    if row is None:
        reason = "not_calculated"
        return Health(None, None, reason, REASONS[reason], None, None, [], 0.0)
    config = configs[row.config_version]
    seen_days = _days_between(customer.last_seen_at, row.calculated_at)
    factors = factor_rows(row.raws, row.values, config, seen_days=seen_days)
    return Health(
        score=row.score,
        risk_level=row.risk_level,
        reason=row.reason,
        reason_words=REASONS[row.reason] if row.reason else None,
        calculated_at=row.calculated_at,
        config_version=row.config_version,
        factors=factors,
        rounding=rounding_of(row.score, factors),
    )


def _point_at(org_id: int, customer_id: int, since: datetime) -> ScorePoint | None:
    points = ScorePoint.objects.for_org(org_id).filter(customer_id=customer_id)
    earlier = points.filter(at__lte=since).order_by("-at").first()
    return earlier or points.order_by("at").first()


def _days_between(start: datetime | None, end: datetime) -> float | None:
    return None if start is None else max(0.0, (end - start).total_seconds() / _DAY_SECS)
