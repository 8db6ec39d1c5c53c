"""Deliveries as the API shows them."""

from datetime import datetime

from pydantic import BaseModel

from pulsescore.api.paging import Pagination
from pulsescore.delivery.models import Delivery


class SentOut(BaseModel):
    """One message on its way to one destination; `destination` is a name, never a secret."""

    id: int
    channel: str
    event: str
    destination: str
    endpoint_id: int | None
    slack_hook_id: int | None
    state: str
    attempts: int
    next_at: datetime | None
    created_at: datetime
    sent_at: datetime | None
    status_code: int | None
    error: str | None


class SentsOut(BaseModel):
    """A page of deliveries, newest first."""

    deliveries: list[SentOut]
    pagination: Pagination


def show_sent(row: Delivery) -> SentOut:
    """A delivery with its destination at hand."""
    return SentOut(
        id=row.pk,
        channel=row.channel,
        event=row.event,
        destination=row.destination_name,
        endpoint_id=row.endpoint_id,
        slack_hook_id=row.slack_id,
        state=row.state,
        attempts=row.attempts,
        next_at=row.next_at if row.state == "pending" else None,
        created_at=row.created_at,
        sent_at=row.sent_at,
        status_code=row.status_code,
        error=row.last_error or None,
    )
