"""Which timeline events go out, and the second that each is given for good."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from pulsescore.connectors.intercom.models import Connection
from pulsescore.connectors.intercom.outbound import statements
from pulsescore.connectors.intercom.outbound.models import (
    EventState,
    OutboundSettings,
    OutgoingEvent,
)

ALL = "*"


def note_new_events(
    connection: Connection, settings: OutboundSettings, customer_ids: Iterable[int]
) -> frozenset[int]:
    """Write down the chosen events that are to be sent; returns whose they are.

    Of several events of one name within a second each gets the next second that is free.
    """
    ids = list(customer_ids)
    if not settings.events or settings.events_since is None or not ids:
        return frozenset()
    scope = {"org_id": connection.org_id, "connection_id": connection.pk, "ids": ids}
    found = statements.fetch(
        statements.NEW_EVENTS,
        {
            **scope,
            "since": settings.events_since,
            "all": ALL in settings.events,
            "names": settings.events,
        },
    )
    if not found:
        return frozenset()
    taken = _seconds_taken(connection, {row[1] for row in found})
    rows = [
        OutgoingEvent(
            org_id=connection.org_id,
            connection=connection,
            customer_id=customer_id,
            event_id=event_id,
            name=name,
            second=_free_second(taken.setdefault((customer_id, name), set()), occurred_at),
        )
        for event_id, customer_id, name, occurred_at in found
    ]
    OutgoingEvent.objects.for_org(connection.org_id).bulk_create(rows)
    return frozenset(row.customer_id for row in rows)


def waiting_events(
    connection: Connection, customer_ids: Iterable[int]
) -> Mapping[int, list[OutgoingEvent]]:
    """Of each customer, the events that are to be sent, oldest first.

    An event may have passed to another customer since, with whom its own became one.
    """
    rows = OutgoingEvent.objects.for_org(connection.org_id).filter(
        connection=connection, event__customer_id__in=list(customer_ids), state=EventState.WAITING
    )
    found: dict[int, list[OutgoingEvent]] = {}
    for one in rows.select_related("event").order_by("second", "id"):
        found.setdefault(one.event.customer_id, []).append(one)
    return found


def _seconds_taken(
    connection: Connection, customer_ids: Iterable[int]
) -> dict[tuple[int, str], set[int]]:
    rows = OutgoingEvent.objects.for_org(connection.org_id).filter(
        connection=connection, event__customer_id__in=list(customer_ids)
    )
    taken: dict[tuple[int, str], set[int]] = {}
    for customer_id, name, second in rows.values_list("event__customer_id", "name", "second"):
        taken.setdefault((customer_id, name), set()).add(second)
    return taken


def _free_second(taken: set[int], at: datetime) -> int:
    second = int(at.timestamp())
    while second in taken:
        second += 1
    taken.add(second)
    return second
