"""Webhooks that came in from Intercom: deliveries, dead letters, replay."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Query, Router, Status
from pydantic import BaseModel, Field

from pulsescore.api.bodies import Instant
from pulsescore.api.callers import MemberRequest, admin
from pulsescore.api.paging import PageQuery, Pagination, cut
from pulsescore.connectors.intercom.inbox import queries
from pulsescore.connectors.intercom.models import InboxNotification
from pulsescore.core.clock import utcnow
from pulsescore.pipeline import run as pipeline

router = Router(tags=["Webhooks"], auth=admin)
_MAX_ID = 2**63 - 1


class DeliveryQuery(PageQuery):
    """Which deliveries; `since` is inclusive, `until` is not."""

    connection: Annotated[int | None, Field(ge=1, le=_MAX_ID)] = None
    status: Literal["pending", "done", "dead", "ignored"] | None = None
    topic: str | None = None
    since: Instant | None = None
    until: Instant | None = None


class DeliveryOut(BaseModel):
    """One notification as it stands; its raw body is kept for thirty days."""

    id: int
    connection_id: int
    notification_id: str
    topic: str
    status: str
    attempts: int
    notified_at: datetime | None
    received_at: datetime
    processed_at: datetime | None
    next_attempt_at: datetime | None
    error: str | None


class DeliveriesOut(BaseModel):
    """A page of deliveries, newest first."""

    deliveries: list[DeliveryOut]
    pagination: Pagination


@router.get("", response=DeliveriesOut)
def list_deliveries(
    request: MemberRequest, query: Annotated[DeliveryQuery, Query()]
) -> DeliveriesOut:
    """Notifications received, newest first; `status=dead` lists those that were given up."""
    filters = queries.DeliveryFilters(
        connection_id=query.connection,
        state=query.status,
        topic=query.topic,
        since=query.since,
        until=query.until,
    )
    rows, told = cut(queries.list_deliveries(request.auth.org_id, filters), query)
    return DeliveriesOut(deliveries=[_show(one) for one in rows], pagination=told)


@router.post("/{id:delivery_id}/replay", response={202: DeliveryOut})
def replay(request: MemberRequest, delivery_id: int) -> Status[DeliveryOut]:
    """Have one notification worked on again; what was applied is not applied twice."""
    pipeline.replay_webhook(request.auth, delivery_id=delivery_id, now=utcnow())
    return Status(202, _show(queries.get_delivery(request.auth.org_id, delivery_id)))


def _show(row: InboxNotification) -> DeliveryOut:
    waiting = row.state == "pending"
    return DeliveryOut(
        id=row.pk,
        connection_id=row.connection_id,
        notification_id=row.notification_id,
        topic=row.topic,
        status=row.state,
        attempts=row.attempts,
        notified_at=row.notified_at,
        received_at=row.received_at,
        processed_at=row.processed_at,
        next_attempt_at=row.next_attempt_at if waiting else None,
        error=row.error or None,
    )
