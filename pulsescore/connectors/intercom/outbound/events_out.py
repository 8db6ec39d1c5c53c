"""Which timeline events go out, and the second that each is given for good."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime

from django.db.models import F

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


def part_passed_events(connection: Connection, customer_ids: Iterable[int]) -> None:
    """Give events that came with a merge a free second where their new person's has one already.

    Call before sending: of two events of one name within a second Intercom keeps one.
    """
    ids = list(customer_ids)
    rows = OutgoingEvent.objects.for_org(connection.org_id).filter(connection=connection)
    waiting = rows.filter(event__customer_id__in=ids, state=EventState.WAITING)
    passed = waiting.exclude(customer_id=F("event__customer_id")).select_related("event")
    moving = list(passed.order_by("second", "id"))
    if not moving:
        return
    people = {one.event.customer_id for one in moving}
    taken = _seconds_taken(connection, people, but=[one.pk for one in moving])
    for one in moving:
        at = datetime.fromtimestamp(one.second, UTC)
        own = taken.setdefault((one.event.customer_id, one.name), set())
        one.customer_id, one.second = one.event.customer_id, _free_second(own, at)
    rows.bulk_update(moving, ["customer_id", "second"])


def _seconds_taken(
    connection: Connection, customer_ids: Iterable[int], *, but: Collection[int] = ()
) -> dict[tuple[int, str], set[int]]:
    rows = OutgoingEvent.objects.for_org(connection.org_id).filter(
        connection=connection, event__customer_id__in=list(customer_ids)
    )
    rows = rows.exclude(pk__in=but)
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
