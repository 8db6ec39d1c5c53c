"""How scores, their factors and their spread look in the API."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel

from pulsescore.scoring.queries import Bin, Health, OverrideShown


class DistributionOut(BaseModel):
    """Customers per level."""

    green: int
    yellow: int
    red: int
    none: int


class BinOut(BaseModel):
    """Scores from `low` to `high`, both included."""

    low: int
    high: int
    count: int
    green: int
    yellow: int
    red: int


class FactorOut(BaseModel):
    """One factor of a score; a missing one has no value and weight 0."""

    key: str
    name: str
    raw: float | None
    words: str
    unit: str
    value: float | None
    weight: float
    points: float
    points_lost: float


class AdjustmentOut(BaseModel):
    """What an exception of the configuration or an override did to a score."""

    key: str
    name: str
    words: str
    points: int


class OverrideOut(BaseModel):
    """What a member said instead of the formula: a score or a level."""

    score: int | None
    risk_level: str | None
    reason: str
    author: str | None
    set_at: datetime
    expires_at: datetime


class HealthOut(BaseModel):
    """A score as it stands, or why there is none.

    The points of the factors, `rounding` and the points of the adjustments sum to it exactly. While
    an override holds, `computed_score` is what it would be without.
    """

    score: int | None
    risk_level: str | None
    score_reason: str | None
    calculated_at: datetime | None
    config_version: int | None
    factors: list[FactorOut]
    rounding: float
    adjustments: list[AdjustmentOut]
    computed_score: int | None
    override: OverrideOut | None


def show_bins(bins: Sequence[Bin]) -> list[BinOut]:
    """The bins of a histogram."""
    return [
        BinOut(
            low=one.low,
            high=one.high,
            count=one.count,
            green=one.green,
            yellow=one.yellow,
            red=one.red,
        )
        for one in bins
    ]


def show_health(health: Health) -> HealthOut:
    """A customer's health score."""
    return HealthOut(
        score=health.score,
        risk_level=health.risk_level,
        score_reason=health.reason_words,
        calculated_at=health.calculated_at,
        config_version=health.config_version,
        factors=[FactorOut(**vars(row)) for row in health.factors],
        rounding=health.rounding,
        adjustments=[AdjustmentOut(**vars(row)) for row in health.adjustments],
        computed_score=health.computed_score,
        override=show_override(health.override) if health.override else None,
    )


def show_override(override: OverrideShown) -> OverrideOut:
    """An override as it was set."""
    return OverrideOut(
        score=override.score,
        risk_level=override.risk_level,
        reason=override.reason,
        author=override.author,
        set_at=override.set_at,
        expires_at=override.expires_at,
    )
