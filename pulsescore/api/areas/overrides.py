"""A member's word on a customer's score, in the place of what the formula gives."""

from datetime import datetime

from ninja import Router, Status
from pydantic import BaseModel

from pulsescore.api.areas.score_shapes import HealthOut, OverrideOut, show_health, show_override
from pulsescore.api.bodies import Instant, StrictBody
from pulsescore.api.callers import MemberRequest, member
from pulsescore.core.clock import utcnow
from pulsescore.pipeline import run as pipeline
from pulsescore.scoring import queries as scores
from pulsescore.scoring.override_form import OverrideWish

router = Router(tags=["Customers"], auth=member)


class OverrideIn(StrictBody):
    """A score or a level (`green`, `yellow`, `red`), why, and until when, at most a year ahead."""

    score: int | None = None
    risk_level: str | None = None
    reason: str
    expires_at: Instant


class SaidOut(BaseModel):
    """What was once said of a customer; neither score nor level: somebody ended the one before."""

    score: int | None
    risk_level: str | None
    reason: str
    author: str | None
    set_at: datetime
    expires_at: datetime | None


class OverridesOut(BaseModel):
    """The override that holds, if one does, and everything ever said, newest first."""

    override: OverrideOut | None
    history: list[SaidOut]


@router.get("/{id:customer_id}/override", response=OverridesOut)
def get_override(request: MemberRequest, customer_id: int) -> OverridesOut:
    """What a member said instead of the formula, now and before."""
    org_id = request.auth.org_id
    held = scores.get_health(org_id, customer_id).override
    rows = scores.list_overrides_of(org_id, customer_id)
    said = [
        SaidOut(
            score=row.score,
            risk_level=row.risk_level,
            reason=row.reason,
            author=row.author.get_full_name() if row.author else None,
            set_at=row.set_at,
            expires_at=row.expires_at,
        )
        for row in rows
    ]
    return OverridesOut(override=show_override(held) if held else None, history=said)


@router.put("/{id:customer_id}/override", response=HealthOut)
def set_override(request: MemberRequest, customer_id: int, body: OverrideIn) -> HealthOut:
    """Set a score or a level by hand until it expires; it takes effect everywhere at once."""
    wish = OverrideWish(body.score, body.risk_level, body.reason, body.expires_at)
    pipeline.set_override(request.auth, customer_id=customer_id, wish=wish, now=utcnow())
    return show_health(scores.get_health(request.auth.org_id, customer_id))


@router.delete("/{id:customer_id}/override", response={204: None})
def end_override(request: MemberRequest, customer_id: int) -> Status[None]:
    """End the override that holds: the customer has the score of the formula again."""
    pipeline.end_override(request.auth, customer_id=customer_id, now=utcnow())
    return Status(204, None)
