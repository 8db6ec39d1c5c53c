"""Reads of destinations and deliveries. Lists are lazy, ordered querysets."""

from collections.abc import Iterable

from django.db.models import QuerySet

from pulsescore.core.errors import NotFound
from pulsescore.delivery.models import Delivery, SlackHook, WebhookEndpoint

_MAX_ID = 2**63 - 1


def list_endpoints(org_id: int) -> QuerySet[WebhookEndpoint]:
    """Endpoints in the order they were made."""
    return WebhookEndpoint.objects.for_org(org_id).select_related("created_by").order_by("id")


def get_endpoint(org_id: int, endpoint_id: int) -> WebhookEndpoint:
    """The endpoint; raises `NotFound`."""
    known = 0 < endpoint_id <= _MAX_ID
    row = list_endpoints(org_id).filter(pk=endpoint_id).first() if known else None
    if row is None:
        raise NotFound("There is no such endpoint.")
    return row


def list_slack_hooks(org_id: int) -> QuerySet[SlackHook]:
    """Slack hooks in the order they were made."""
    return SlackHook.objects.for_org(org_id).select_related("created_by").order_by("id")


def get_slack_hook(org_id: int, hook_id: int) -> SlackHook:
    """The Slack hook; raises `NotFound`."""
    row = list_slack_hooks(org_id).filter(pk=hook_id).first() if 0 < hook_id <= _MAX_ID else None
    if row is None:
        raise NotFound("There is no such Slack channel.")
    return row


def list_deliveries(
    org_id: int,
    *,
    state: str | None = None,
    channel: str | None = None,
    endpoint: int | None = None,
) -> QuerySet[Delivery]:
    """Deliveries with their destinations, newest first."""
    rows = Delivery.objects.for_org(org_id)
    if state is not None:
        rows = rows.filter(state=state)
    if channel is not None:
        rows = rows.filter(channel=channel)
    if endpoint is not None:
        rows = rows.filter(endpoint_id=endpoint)
    return rows.select_related("user", "endpoint", "slack").order_by("-created_at", "-id")


def list_about(org_id: int, subjects: Iterable[str]) -> QuerySet[Delivery]:
    """Deliveries that tell of these subjects, newest first. Index: deliveries_about."""
    return list_deliveries(org_id).filter(subject__in=[one for one in subjects if one])


def get_delivery(org_id: int, delivery_id: int) -> Delivery:
    """The delivery; raises `NotFound`."""
    known = 0 < delivery_id <= _MAX_ID
    row = list_deliveries(org_id).filter(pk=delivery_id).first() if known else None
    if row is None:
        raise NotFound("There is no such delivery.")
    return row


def subscribed(org_id: int, event: str) -> list[WebhookEndpoint]:
    """The endpoints that are on and want this event."""
    rows = WebhookEndpoint.objects.for_org(org_id)
    return list(rows.filter(enabled=True, events__contains=[event]).order_by("id"))
