"""From marks to the outbox: who was marked is looked at, and who differs gets a row.

A run that would touch more than the settings allow waits for a person before anything is sent.
"""

from datetime import datetime
from typing import Final

from django.db import transaction

from pulsescore.connectors.intercom.models import Connection
from pulsescore.connectors.intercom.outbound import outbox, statements
from pulsescore.connectors.intercom.outbound.companies import CompanyLookout
from pulsescore.connectors.intercom.outbound.events_out import note_new_events, waiting_events
from pulsescore.connectors.intercom.outbound.looking import Lookout
from pulsescore.connectors.intercom.outbound.models import (
    OutboundSettings,
    OutboundTask,
    TaskState,
    WithheldValue,
)
from pulsescore.connectors.intercom.outbound.settings import settings_of

BATCH: Final = 500


def plan_marked(connection: Connection, settings: OutboundSettings, *, now: datetime) -> None:
    """Look at everybody who is marked, batch by batch; each is one transaction with its marks."""
    lookout = Lookout(connection, settings, clock=lambda: now)
    worked = 1
    while worked:
        worked = _plan_customers(lookout, now=now) + _plan_companies(lookout, now=now)


def hold_if_many(connection: Connection, *, now: datetime) -> bool:
    """Have a large run wait for confirmation; returns whether it waits (now or already)."""
    with transaction.atomic():
        settings = settings_of(connection, for_update=True)
        if not settings.is_saved:
            return False
        rows = OutboundTask.objects.for_org(connection.org_id).filter(connection=connection)
        if settings.waiting_since is None:
            waiting = rows.filter(state=TaskState.WAITING, is_forced=False, is_confirmed=False)
            if waiting.count() <= settings.confirm_above:
                return False
            settings.waiting_since = now
            settings.save(update_fields=["waiting_since"])
        fresh = rows.filter(state=TaskState.WAITING, is_forced=False, is_confirmed=False)
        fresh.update(state=TaskState.HELD)
    return True


def _plan_customers(lookout: Lookout, *, now: datetime) -> int:
    connection = lookout.connection
    scope = {**outbox.scope(connection, now), "limit": BATCH}
    with transaction.atomic():
        ids = [one for (one,) in statements.fetch(statements.CLAIM_MARKS, scope)]
        if not ids:
            return 0
        outlooks = lookout.look(ids)
        sent = [one.customer.pk for one in outlooks if one.role is not None]
        note_new_events(connection, lookout.settings, sent)
        with_events = waiting_events(connection, sent)
        _show_refusals(
            connection,
            {
                one.customer.pk: {line.intercom: (line.value, line.reason) for line in one.refused}
                for one in outlooks
            },
            now=now,
        )
        differing = {one.customer.pk for one in outlooks if not one.is_empty} | with_events.keys()
        outbox.queue_customers(connection, differing, now=now)
    return len(ids)


def _plan_companies(lookout: Lookout, *, now: datetime) -> int:
    connection = lookout.connection
    scope = {**outbox.scope(connection, now), "limit": BATCH}
    with transaction.atomic():
        ids = [one for (one,) in statements.fetch(statements.CLAIM_COMPANY_MARKS, scope)]
        if not ids:
            return 0
        companies = CompanyLookout(connection, lookout.settings, lookout.mapper)
        differing = [one.company.pk for one in companies.look(ids) if not one.is_empty]
        outbox.queue_companies(connection, differing, now=now)
    return len(ids)


def _show_refusals(
    connection: Connection,
    refused: dict[int, dict[str, tuple[object, str]]],
    *,
    now: datetime,
) -> None:
    """Values that do not fit are listed with the customer, as long as they do not."""
    rows = WithheldValue.objects.for_org(connection.org_id).filter(connection=connection)
    known = {
        (row.customer_id, row.key): row
        for row in rows.filter(customer_id__in=list(refused), reason="unfit")
    }
    told = {
        (customer_id, key): pair
        for customer_id, lines in refused.items()
        for key, pair in lines.items()
    }
    gone = [
        row.pk
        for key, row in known.items()
        if key not in told or (row.value, row.message) != (_plain(told[key][0]), told[key][1])
    ]
    if gone:
        rows.filter(pk__in=gone).delete()
    fresh = [
        WithheldValue(
            org_id=connection.org_id,
            connection=connection,
            customer_id=customer_id,
            key=key,
            value=_plain(value),
            reason="unfit",
            message=message,
            at=now,
        )
        for (customer_id, key), (value, message) in told.items()
        if (customer_id, key) not in known or known[customer_id, key].pk in gone
    ]
    WithheldValue.objects.for_org(connection.org_id).bulk_create(fresh, ignore_conflicts=True)


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool | None) else str(value)
