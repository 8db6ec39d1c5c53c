"""The outbox: what is to be sent is written with what it tells; workers claim, send and settle.

A claim holds a delivery under a lease and counts an attempt; the count is the ticket with which it
is settled, so that a worker that lost its lease changes nothing. Between a message that left and
the note that it did lies the one moment in which a crash sends it again: under the same key.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Q, QuerySet

from pulsescore.delivery.models import Delivery, DeliveryState

LEASE: Final = timedelta(minutes=5)
KEPT: Final = timedelta(days=30)
_ERROR: Final = 200
_AT_ONCE: Final = 1_000


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """Something to be delivered; `key` is unique in its organization."""

    channel: str
    event: str
    key: str
    next_at: datetime
    subject: str = ""
    payload: dict[str, Any] = field(default_factory=dict)
    user_id: int | None = None
    endpoint_id: int | None = None
    slack_id: int | None = None
    customer_id: int | None = None


def enqueue(org_id: int, parcels: Iterable[Parcel], *, now: datetime) -> None:
    """Write deliveries, in the transaction that decided on them; known keys are left alone."""
    rows = (Delivery(org_id=org_id, created_at=now, **vars(parcel)) for parcel in parcels)
    while some := list(islice(rows, _AT_ONCE)):
        Delivery.objects.for_org(org_id).bulk_create(some, ignore_conflicts=True)


def claim(*, now: datetime, limit: int) -> list[Delivery]:
    """Take deliveries that are due, oldest first, each for one worker."""
    with transaction.atomic():
        due = list(
            _due(now)
            .select_related("org", "user", "endpoint", "slack")
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("next_at", "id")[:limit]
        )
        claimed = Delivery.objects.across_orgs("a worker sends for every organization")
        claimed.filter(pk__in=[one.pk for one in due]).update(
            attempts=F("attempts") + 1, lease_until=now + LEASE
        )
    for one in due:
        one.attempts += 1
    return due


def is_due(*, now: datetime) -> bool:
    """Whether something waits to be sent."""
    return _due(now).exists()


def settle_sent(delivery: Delivery, *, status_code: int | None, now: datetime) -> None:
    """Note that it arrived."""
    _settle(
        delivery,
        state=DeliveryState.SENT,
        sent_at=now,
        status_code=status_code,
        last_error="",
    )


def settle_later(delivery: Delivery, *, at: datetime, error: str, status_code: int | None) -> None:
    """Note that it is tried again at that instant; what else waits for the target waits, too."""
    _settle(delivery, next_at=at, last_error=error[:_ERROR], status_code=status_code)
    others = Delivery.objects.for_org(delivery.org_id).filter(
        state=DeliveryState.PENDING, next_at__lt=at, lease_until=None
    )
    if delivery.endpoint_id is not None:
        others.filter(endpoint_id=delivery.endpoint_id).update(next_at=at)
    elif delivery.slack_id is not None:
        others.filter(slack_id=delivery.slack_id).update(next_at=at)


def settle_failed(delivery: Delivery, *, error: str, status_code: int | None) -> None:
    """Note that it is given up."""
    _settle(
        delivery,
        state=DeliveryState.FAILED,
        last_error=error[:_ERROR],
        status_code=status_code,
    )


def settle_paused(delivery: Delivery, *, error: str, status_code: int | None) -> None:
    """Note that it waits until its destination is switched on again."""
    _settle(
        delivery,
        state=DeliveryState.PAUSED,
        last_error=error[:_ERROR],
        status_code=status_code,
    )


def prune(*, now: datetime) -> int:
    """Forget what was settled thirty days ago; returns how many."""
    rows = Delivery.objects.across_orgs("nightly, for every organization")
    settled = (DeliveryState.SENT, DeliveryState.FAILED)
    old = rows.filter(state__in=settled, created_at__lt=now - KEPT)
    return old.delete()[0]


def _due(now: datetime) -> QuerySet[Delivery]:
    """What is free to be sent; a closed organization tells nothing. Index: deliveries_due."""
    rows = Delivery.objects.across_orgs("a worker sends for every organization")
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    return rows.filter(free, state=DeliveryState.PENDING, next_at__lte=now, org__deleted_at=None)


def _settle(delivery: Delivery, **fields: Any) -> None:
    rows = Delivery.objects.for_org(delivery.org_id).filter(
        pk=delivery.pk, attempts=delivery.attempts, state=DeliveryState.PENDING
    )
    rows.update(lease_until=None, **fields)
