"""One customer's score, explanation and history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pulsescore.core.errors import FieldFault, Invalid, NotFound
from pulsescore.scoring.config import DEFAULTS, Config
from pulsescore.scoring.explain import (
    AdjustmentRow,
    FactorRow,
    adjustment_rows,
    factor_rows,
    rounding_of,
)
from pulsescore.scoring.models import HealthScore, ScorePoint
from pulsescore.scoring.moved import FactorChange, Scored, factor_changes
from pulsescore.scoring.queries.overrides import OverrideShown, override_of
from pulsescore.scoring.versions import configs_of
from pulsescore.scoring.wording import REASONS
from pulsescore.store.models import Customer

_DAY_SECS = 86400


@dataclass(frozen=True)
class Health:
    """A customer's score as it stands, or why there is none, and what it is made of.

    Points of the factors, `rounding` and points of the adjustments sum to the score. While an
    override holds, `computed_score` is what it would be without. `config` is what it was scored
    with.
    """

    score: int | None
    risk_level: str | None
    reason: str | None
    reason_words: str | None
    calculated_at: datetime | None
    config_version: int | None
    factors: list[FactorRow]
    rounding: float
    adjustments: list[AdjustmentRow] = field(default_factory=list)
    override: OverrideShown | None = None
    computed_score: int | None = None
    config: Config = DEFAULTS


@dataclass(frozen=True)
class Explanation:
    """A score explained, and against an earlier point: what moved it, adding up exactly."""

    health: Health
    since: datetime | None = None
    score_then: int | None = None
    level_then: str | None = None
    changes: list[FactorChange] = field(default_factory=list)


def get_health(org_id: int, customer_id: int) -> Health:
    """The present score of a customer; raises `NotFound` for another organization's."""
    customer = _get_customer(org_id, customer_id)
    row = present_score(org_id, customer_id)
    return health_of(customer, row, configs_of(org_id, _versions(row))[0])


def get_explanation(
    org_id: int, customer_id: int, *, since: datetime | None, until: datetime | None = None
) -> Explanation:
    """A score explained, compared with how it stood at `since` (None: not compared).

    It is the present score, or with `until` the one that stood then. The point compared with is
    the last at or before `since`, or else the first one there is. Raises `NotFound`, and `Invalid`
    for a `since` after `until`.
    """
    if since and until and since > until:
        raise Invalid(FieldFault("since", "must not be after until"))
    customer = _get_customer(org_id, customer_id)
    now = _score_at(org_id, customer_id, until)
    then = _point_at(org_id, customer_id, since) if since and now else None
    configs, _present = configs_of(org_id, _versions(now, then))
    health = health_of(customer, now, configs)
    if now is None or then is None or then.at > _instant(now):
        return Explanation(health)
    changes = factor_changes(
        Scored.of(then, configs[then.config_version]), Scored.of(now, configs[now.config_version])
    )
    return Explanation(
        health,
        since=then.at,
        score_then=then.score,
        level_then=then.risk_level,
        changes=changes,
    )


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


def present_score(org_id: int, customer_id: int) -> HealthScore | None:
    """The stored score of a customer, with what was said instead and by whom."""
    rows = HealthScore.objects.for_org(org_id).select_related("override__author")
    return rows.filter(customer_id=customer_id).first()


def health_of(
    customer: Customer, row: HealthScore | ScorePoint | None, configs: Mapping[int, Config]
) -> Health:
    """A stored score as pages and the API tell it; `configs` by version."""
    if row is None:
        reason = "not_calculated"
        return Health(None, None, reason, REASONS[reason], None, None, [], 0.0)
    config, at = configs[row.config_version], _instant(row)
    scored, override = Scored.of(row, config), override_of(row.override)
    seen_days = _days_between(customer.last_seen_at, at)
    factors = factor_rows(row.raws, row.values, config, seen_days=seen_days)
    reason_key = None if row.score is not None else getattr(row, "reason", None)
    return Health(
        score=row.score,
        risk_level=row.risk_level,
        reason=reason_key,
        reason_words=REASONS[reason_key] if reason_key else None,
        calculated_at=at,
        config_version=row.config_version,
        factors=factors,
        rounding=rounding_of(scored.by_factors, factors),
        adjustments=adjustment_rows(scored, said=override.words if override else ""),
        override=override,
        computed_score=scored.by_formula,
        config=config,
    )


def _get_customer(org_id: int, customer_id: int) -> Customer:
    customer = Customer.objects.for_org(org_id).filter(pk=customer_id).first()
    if customer is None:
        raise NotFound("There is no such customer in this organization.")
    return customer


def _versions(*rows: HealthScore | ScorePoint | None) -> set[int]:
    return {row.config_version for row in rows if row is not None}


def _instant(row: HealthScore | ScorePoint) -> datetime:
    return row.at if isinstance(row, ScorePoint) else row.calculated_at


def _score_at(
    org_id: int, customer_id: int, until: datetime | None
) -> HealthScore | ScorePoint | None:
    row = present_score(org_id, customer_id)
    if until is None or (row is not None and row.calculated_at <= until):
        return row
    return _last_at(org_id, customer_id, until)


def _last_at(org_id: int, customer_id: int, t: datetime) -> ScorePoint | None:
    points = ScorePoint.objects.for_org(org_id).select_related("override__author")
    return points.filter(customer_id=customer_id, at__lte=t).order_by("-at").first()


def _point_at(org_id: int, customer_id: int, since: datetime) -> ScorePoint | None:
    points = ScorePoint.objects.for_org(org_id).filter(customer_id=customer_id)
    return _last_at(org_id, customer_id, since) or points.order_by("at").first()


def _days_between(start: datetime | None, end: datetime) -> float | None:
    """Days from being seen to the score; unknown where the customer was seen since."""
    if start is None or start > end:
        return None
    return (end - start).total_seconds() / _DAY_SECS
