"""Webhooks that came in from Intercom: deliveries, dead letters, replay."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Query, Router, Status
from pydantic import BaseModel, Field

from pulsescore.api.bodies import Instant, StrictBody
from pulsescore.api.callers import MemberRequest, admin
from pulsescore.api.paging import PageQuery, Pagination, cut
from pulsescore.connectors.intercom.inbox import actions, queries
from pulsescore.connectors.intercom.models import InboxNotification
from pulsescore.core.clock import utcnow
from pulsescore.pipeline import run as pipeline

router = Router(tags=["Webhooks"], auth=admin)
_MAX_ID = 2**63 - 1


DeliveryStatus = Literal["pending", "done", "dead", "ignored"]


class DeliveryQuery(PageQuery):
    """Which deliveries; `since` is inclusive, `until` is not."""

    connection: Annotated[int | None, Field(ge=1, le=_MAX_ID)] = None
    status: DeliveryStatus | None = None
    topic: str | None = None
    since: Instant | None = None
    until: Instant | None = None


class ReplayIn(StrictBody):
    """Which deliveries of a connection; what is not told does not matter. `since` is inclusive."""

    connection: Annotated[int, Field(ge=1, le=_MAX_ID)]
    status: DeliveryStatus | None = None
    topic: str | None = None
    since: Instant | None = None
    until: Instant | None = None


class ReplayOut(BaseModel):
    """How many deliveries are worked on again."""

    replayed: int


class BodyOut(BaseModel):
    """A notification as it came in, undecoded."""

    id: int
    body: str


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


@router.post("/replay", response={202: ReplayOut})
def replay_many(request: MemberRequest, body: ReplayIn) -> Status[ReplayOut]:
    """Have all deliveries of these filters worked on again; nothing is applied twice."""
    filters = queries.DeliveryFilters(
        connection_id=body.connection,
        state=body.status,
        topic=body.topic,
        since=body.since,
        until=body.until,
    )
    count = pipeline.replay_webhooks(request.auth, filters=filters, now=utcnow())
    return Status(202, ReplayOut(replayed=count))


@router.get("/{id:delivery_id}", response=DeliveryOut)
def get_delivery(request: MemberRequest, delivery_id: int) -> DeliveryOut:
    """One delivery."""
    return _show(queries.get_delivery(request.auth.org_id, delivery_id))


@router.get("/{id:delivery_id}/body", response=BodyOut)
def get_body(request: MemberRequest, delivery_id: int) -> BodyOut:
    """The raw body; it holds what people wrote, so the look at it is audited."""
    raw = actions.read_body(request.auth, delivery_id=delivery_id, now=utcnow())
    return BodyOut(id=delivery_id, body=raw.decode(errors="replace"))


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
