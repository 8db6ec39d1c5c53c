"""Replaying stored notifications: one, all dead letters, or a range; looking at a raw body."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from pulsescore.accounts import audit
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom.inbox.queries import (
    DeliveryFilters,
    get_delivery,
    list_replayable,
)
from pulsescore.connectors.intercom.models import (
    Connection,
    ConnectionStatus,
    InboxNotification,
    InboxState,
)
from pulsescore.connectors.intercom.queries import get_connection
from pulsescore.core.errors import Conflict


def replay_one(actor: Actor, *, delivery_id: int, now: datetime) -> int:
    """Have one notification worked on again; returns its connection, for waking the worker.

    Replaying is safe: what was applied is not applied twice. Raises `Forbidden`, `NotFound`,
    `Conflict`.
    """
    actor.require(Role.ADMIN)
    delivery = get_delivery(actor.org_id, delivery_id)
    _require_worker(get_connection(actor.org_id, delivery.connection_id))
    with transaction.atomic():
        chosen = InboxNotification.objects.for_org(actor.org_id).filter(pk=delivery.pk)
        _put_back(chosen, now=now)
        audit.record_by(actor, "webhook.replayed", subject=f"delivery:{delivery_id}", now=now)
    return delivery.connection_id


def replay_dead(actor: Actor, *, connection_id: int, now: datetime) -> int:
    """Have every dead letter of a connection worked on again; returns how many."""
    filters = DeliveryFilters(connection_id=connection_id, state=InboxState.DEAD)
    return replay_filtered(actor, filters=filters, now=now)


def replay_filtered(actor: Actor, *, filters: DeliveryFilters, now: datetime) -> int:
    """Have all that the filters show worked on again; returns how many.

    The filters must name a connection; what waits for its first attempt is left alone. Raises
    `Forbidden`, `NotFound`, and `Conflict` for a disconnected connection.
    """
    actor.require(Role.ADMIN)
    connection = get_connection(actor.org_id, filters.connection_id or 0)
    _require_worker(connection)
    chosen = list_replayable(actor.org_id, filters).order_by()
    with transaction.atomic():
        count = _put_back(chosen, now=now)
        audit.record_by(
            actor,
            "webhooks.replayed",
            subject=f"connection:{connection.pk}",
            details={"count": count, **_told(filters)},
            now=now,
        )
    return count


def read_body(actor: Actor, *, delivery_id: int, now: datetime) -> bytes:
    """The raw body of a notification, as it came in. It holds what people wrote, so it is audited.

    Raises `Forbidden`, `NotFound`.
    """
    actor.require(Role.ADMIN)
    delivery = get_delivery(actor.org_id, delivery_id)
    audit.record_by(actor, "webhook.body_viewed", subject=f"delivery:{delivery_id}", now=now)
    return bytes(delivery.body)


def _require_worker(connection: Connection) -> None:
    """Nobody works on the inbox of a disconnected connection."""
    if connection.status == ConnectionStatus.DISCONNECTED:
        raise Conflict("This connection is disconnected; connect the workspace again to replay.")


def _told(filters: DeliveryFilters) -> dict[str, str]:
    known = {
        "state": filters.state,
        "topic": filters.topic,
        "since": filters.since and filters.since.isoformat(),
        "until": filters.until and filters.until.isoformat(),
    }
    return {name: value for name, value in known.items() if value}


def _put_back(chosen: QuerySet[InboxNotification], *, now: datetime) -> int:
    return chosen.update(
        state=InboxState.PENDING, attempts=0, error="", next_attempt_at=now, processed_at=now
    )
