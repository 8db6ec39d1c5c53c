"""Reads of the inbox for pages, the API and the schedule: deliveries, lag, last per topic."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, QuerySet

from pulsescore.connectors.intercom.models import (
    ConnectionStatus,
    InboxNotification,
    InboxState,
    PendingRefetch,
    TopicDelivery,
)
from pulsescore.core.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class DeliveryFilters:
    """Which deliveries to show; what is not told does not matter. `since` is inclusive."""

    connection_id: int | None = None
    state: str | None = None
    topic: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class InboxHealth:
    """How the inbox of a connection stands; `lag` is the age of the oldest that waits."""

    counts: dict[str, int]
    lag: timedelta
    refetches: int
    last_received_at: datetime | None


def list_deliveries(org_id: int, filters: DeliveryFilters) -> QuerySet[InboxNotification]:
    """Deliveries, newest first, without their bodies."""
    found = InboxNotification.objects.for_org(org_id).defer("body")
    if filters.connection_id is not None:
        found = found.filter(connection_id=filters.connection_id)
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.topic:
        found = found.filter(topic=filters.topic)
    if filters.since is not None:
        found = found.filter(received_at__gte=filters.since)
    if filters.until is not None:
        found = found.filter(received_at__lt=filters.until)
    return found.order_by("-received_at", "-id")


def list_replayable(org_id: int, filters: DeliveryFilters) -> QuerySet[InboxNotification]:
    """Deliveries of these filters without those that wait for their first attempt anyway."""
    return list_deliveries(org_id, filters).exclude(
        state=InboxState.PENDING, attempts=0, processed_at=None
    )


def get_delivery(org_id: int, delivery_id: int) -> InboxNotification:
    """One delivery; raises `NotFound`."""
    found = InboxNotification.objects.for_org(org_id).filter(pk=delivery_id).first()
    if found is None:
        raise NotFound("There is no such delivery.")
    return found


def list_topics(org_id: int, connection_id: int) -> list[TopicDelivery]:
    """Each topic that was ever delivered: how often, and when last."""
    topics = TopicDelivery.objects.for_org(org_id).filter(connection_id=connection_id)
    return list(topics.order_by("topic"))


def topics_delivered(org_id: int, connection_id: int) -> list[str]:
    """Topics that are still among the stored deliveries or were ever counted, for a filter."""
    counted = TopicDelivery.objects.for_org(org_id).filter(connection_id=connection_id)
    return sorted(counted.values_list("topic", flat=True))


def inbox_health(org_id: int, connection_id: int, *, now: datetime) -> InboxHealth:
    """What waits, since when, and how much has come in."""
    inbox = InboxNotification.objects.for_org(org_id).filter(connection_id=connection_id)
    counted = inbox.values_list("state").annotate(Count("id")).order_by("state")
    oldest = inbox.filter(state=InboxState.PENDING).aggregate(at=Min("received_at"))["at"]
    refetches = PendingRefetch.objects.for_org(org_id).filter(connection_id=connection_id)
    topics = TopicDelivery.objects.for_org(org_id).filter(connection_id=connection_id)
    last = topics.order_by("-last_received_at").values_list("last_received_at", flat=True).first()
    return InboxHealth(
        counts=dict(counted),
        lag=max(now - oldest, timedelta()) if oldest else timedelta(),
        refetches=refetches.count(),
        last_received_at=last,
    )


def connections_with_work(*, now: datetime) -> list[int]:
    """Connections that have something due: what a lost wake-up left lying, and what waited."""
    reason = "the schedule serves every organization"
    waiting = InboxNotification.objects.across_orgs(reason).filter(
        state=InboxState.PENDING, next_attempt_at__lte=now
    )
    refetches = PendingRefetch.objects.across_orgs(reason).filter(next_attempt_at__lte=now)
    left_alone = ConnectionStatus.DISCONNECTED
    found: set[int] = set()
    for due in (waiting, refetches):
        connected = due.exclude(connection__status=left_alone)
        found.update(connected.order_by().values_list("connection_id", flat=True).distinct())
    return sorted(found)
