"""What members said instead of the formula: what holds, and what held before."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pulsescore.scoring.models import HealthScore, ScoreOverride
from pulsescore.scoring.wording import override_words


@dataclass(frozen=True)
class OverrideShown:
    """What was said of a customer: a score or a level, by whom, why, and until when."""

    id: int
    score: int | None
    risk_level: str | None
    reason: str
    author: str | None
    set_at: datetime
    expires_at: datetime

    @property
    def last_instant(self) -> datetime:
        """Until when it holds: an override that ends at midnight is the day's before."""
        return self.expires_at - timedelta(microseconds=1)

    @property
    def words(self) -> str:
        """In a few words: "set to 80 by Ada Lovelace: they renewed on the phone"."""
        said = override_words(self.score, self.risk_level, self.author)
        return f"{said}: {self.reason}" if self.reason else said


@dataclass(frozen=True)
class OverriddenCustomer:
    """A customer whose score is overridden now, with the score that the formula gives."""

    customer_id: int
    name: str | None
    email: str | None
    score: int | None
    risk_level: str | None
    computed_score: int | None
    override: OverrideShown


def override_of(row: ScoreOverride | None) -> OverrideShown | None:
    """A stored override as it is shown; `None` of a row that ends one."""
    if row is None or row.expires_at is None:
        return None
    return OverrideShown(
        id=row.pk,
        score=row.score,
        risk_level=row.risk_level,
        reason=row.reason,
        author=(row.author.get_full_name() or row.author.email) if row.author else None,
        set_at=row.set_at,
        expires_at=row.expires_at,
    )


def list_overridden(org_id: int, *, limit: int | None = None) -> list[OverriddenCustomer]:
    """Whose score is overridden now, what expires first first. Index: health_overridden."""
    rows = (
        HealthScore.objects.for_org(org_id)
        .filter(override__isnull=False, customer__deleted_at=None)
        .select_related("customer", "override__author")
        .order_by("override__expires_at", "customer_id")
    )
    return [
        OverriddenCustomer(
            customer_id=row.customer_id,
            name=row.customer.name,
            email=row.customer.email,
            score=row.score,
            risk_level=row.risk_level,
            computed_score=row.computed_score,
            override=shown,
        )
        for row in rows[:limit]
        if (shown := override_of(row.override)) is not None
    ]


def list_overrides_of(org_id: int, customer_id: int) -> list[ScoreOverride]:
    """Everything ever said of one customer, and its ends, newest first."""
    rows = ScoreOverride.objects.for_org(org_id).filter(customer_id=customer_id)
    return list(rows.select_related("author").order_by("-set_at", "-id"))
