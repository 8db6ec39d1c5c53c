"""Outgoing webhooks: endpoints, their secrets, what was delivered to them, replay."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Query, Router, Status
from pydantic import BaseModel

from pulsescore.api.areas.delivery_shapes import SentOut, SentsOut, show_sent
from pulsescore.api.bodies import StrictBody
from pulsescore.api.callers import MemberRequest, admin
from pulsescore.api.paging import PageQuery, Pagination, cut
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import NotFound
from pulsescore.delivery import actions, queries
from pulsescore.delivery.models import WebhookEndpoint
from pulsescore.pipeline import alerting

router = Router(tags=["Outgoing webhooks"], auth=admin)
Event = Literal["alert.fired", "alert.resolved", "customer.score_changed", "customer.level_changed"]


class EndpointIn(StrictBody):
    """An address under https, and the events that it wants."""

    url: str
    events: list[Event]
    description: str = ""
    enabled: bool = True


class EndpointChangesIn(StrictBody):
    """What is to change; what is not told stays. Switching on sends what waited."""

    url: str | None = None
    events: list[Event] | None = None
    description: str | None = None
    enabled: bool | None = None


class EndpointOut(BaseModel):
    """An endpoint without its secret; `disabled_reason` says why it was switched off for you."""

    id: int
    url: str
    description: str
    events: list[str]
    enabled: bool
    disabled_reason: str | None
    disabled_at: datetime | None
    failing_since: datetime | None
    last_success_at: datetime | None
    secret_last4: str
    created_at: datetime


class NewEndpointOut(EndpointOut):
    """An endpoint with its secret, which is shown this once."""

    secret: str


class EndpointsOut(BaseModel):
    """A page of endpoints."""

    endpoints: list[EndpointOut]
    pagination: Pagination


class SentQuery(PageQuery):
    """Which deliveries."""

    state: Literal["pending", "sent", "failed", "paused"] | None = None


@router.get("", response=EndpointsOut)
def list_endpoints(request: MemberRequest, page: Annotated[PageQuery, Query()]) -> EndpointsOut:
    """Endpoints in the order they were made."""
    rows, told = cut(queries.list_endpoints(request.auth.org_id), page)
    return EndpointsOut(endpoints=[_show(one) for one in rows], pagination=told)


@router.post("", response={201: NewEndpointOut})
def create_endpoint(request: MemberRequest, body: EndpointIn) -> Status[NewEndpointOut]:
    """Make an endpoint; its secret is in this answer and nowhere else."""
    row, secret = actions.save_endpoint(request.auth, **body.model_dump(), now=utcnow())
    return Status(201, _show_new(row, secret))


@router.get("/{id:endpoint_id}", response=EndpointOut)
def get_endpoint(request: MemberRequest, endpoint_id: int) -> EndpointOut:
    """One endpoint."""
    return _show(queries.get_endpoint(request.auth.org_id, endpoint_id))


@router.patch("/{id:endpoint_id}", response=EndpointOut)
def change_endpoint(
    request: MemberRequest, endpoint_id: int, body: EndpointChangesIn
) -> EndpointOut:
    """Change an endpoint, or switch it on or off."""
    row = queries.get_endpoint(request.auth.org_id, endpoint_id)
    known = {
        "url": row.url,
        "events": row.events,
        "description": row.description,
        "enabled": row.enabled,
    }
    changes = {k: v for k, v in body.model_dump(exclude_unset=True).items() if v is not None}
    row, _ = actions.save_endpoint(
        request.auth, endpoint_id=endpoint_id, **{**known, **changes}, now=utcnow()
    )
    return _show(row)


@router.delete("/{id:endpoint_id}", response={204: None})
def delete_endpoint(request: MemberRequest, endpoint_id: int) -> Status[None]:
    """Delete an endpoint with its deliveries."""
    actions.delete_endpoint(request.auth, endpoint_id=endpoint_id, now=utcnow())
    return Status(204, None)


@router.post("/{id:endpoint_id}/rotate-secret", response=NewEndpointOut)
def rotate_secret(request: MemberRequest, endpoint_id: int) -> NewEndpointOut:
    """Give it another secret; for a day the former one signs, too."""
    row, secret = actions.rotate_secret(request.auth, endpoint_id=endpoint_id, now=utcnow())
    return _show_new(row, secret)


@router.post("/{id:endpoint_id}/test", response={202: SentOut})
def test_endpoint(request: MemberRequest, endpoint_id: int) -> Status[SentOut]:
    """Send a signed test event."""
    sent = alerting.test_endpoint(request.auth, endpoint_id=endpoint_id, now=utcnow())
    return Status(202, show_sent(sent))


@router.get("/{id:endpoint_id}/deliveries", response=SentsOut)
def list_deliveries(
    request: MemberRequest, endpoint_id: int, query: Annotated[SentQuery, Query()]
) -> SentsOut:
    """What was sent to an endpoint, newest first; kept for thirty days."""
    endpoint = queries.get_endpoint(request.auth.org_id, endpoint_id)
    found = queries.list_deliveries(request.auth.org_id, endpoint=endpoint.pk, state=query.state)
    rows, told = cut(found, query)
    return SentsOut(deliveries=[show_sent(one) for one in rows], pagination=told)


@router.post("/{id:endpoint_id}/deliveries/{id:delivery_id}/replay", response={202: SentOut})
def replay(request: MemberRequest, endpoint_id: int, delivery_id: int) -> Status[SentOut]:
    """Send one again, under the same `webhook-id`."""
    endpoint = queries.get_endpoint(request.auth.org_id, endpoint_id)
    row = queries.get_delivery(request.auth.org_id, delivery_id)
    if row.endpoint_id != endpoint.pk:
        raise NotFound("There is no such delivery.")
    alerting.retry_delivery(request.auth, delivery_id=delivery_id, now=utcnow())
    return Status(202, show_sent(queries.get_delivery(request.auth.org_id, delivery_id)))


def _show(row: WebhookEndpoint) -> EndpointOut:
    return EndpointOut(
        id=row.pk,
        url=row.url,
        description=row.description,
        events=row.events,
        enabled=row.enabled,
        disabled_reason=row.disabled_reason or None,
        disabled_at=row.disabled_at,
        failing_since=row.failing_since,
        last_success_at=row.last_success_at,
        secret_last4=row.secret_last4,
        created_at=row.created_at,
    )


def _show_new(row: WebhookEndpoint, secret: str) -> NewEndpointOut:
    return NewEndpointOut(**_show(row).model_dump(), secret=secret)
