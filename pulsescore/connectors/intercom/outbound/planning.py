"""From marks to the outbox: who was marked is looked at, and who differs gets a row.

A run that would touch more than the settings allow waits for a person before anything is sent.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction

from pulsescore.connectors.intercom.models import Connection
from pulsescore.connectors.intercom.outbound import outbox, send_runs, statements
from pulsescore.connectors.intercom.outbound.companies import CompanyLookout
from pulsescore.connectors.intercom.outbound.events_out import note_new_events, waiting_events
from pulsescore.connectors.intercom.outbound.looking import Lookout, Outlook
from pulsescore.connectors.intercom.outbound.models import (
    OutboundSettings,
    OutboundTask,
    TaskState,
    WithheldValue,
)
from pulsescore.connectors.intercom.outbound.roles import LEAD
from pulsescore.connectors.intercom.outbound.run_models import SendRun, SendScope
from pulsescore.connectors.intercom.outbound.settings import settings_of

BATCH: Final = 500


def plan_marked(connection: Connection, settings: OutboundSettings, *, now: datetime) -> None:
    """Look at everybody who is marked, batch by batch; each is one transaction with its marks.

    Runs that people asked for mark whom they concern, one run after the other.
    """
    lookout = Lookout(connection, settings, clock=lambda: now)
    while True:
        run = send_runs.begin_next(connection, settings, now=now)
        while _plan_customers(lookout, now=now) + _plan_companies(lookout, now=now):
            pass
        if run is None:
            return
        send_runs.end_looking(run)


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
    with transaction.atomic():
        batch = _claim(connection, statements.CLAIM_MARKS, now=now)
        if not batch.causes:
            return 0
        outlooks = [
            one
            for one in lookout.look(batch.causes)
            if batch.concerns(one.customer.pk, kind_of(one))
        ]
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
        batch.queue(connection, "customer", differing, now=now)
    return len(batch.causes)


def _plan_companies(lookout: Lookout, *, now: datetime) -> int:
    connection = lookout.connection
    with transaction.atomic():
        batch = _claim(connection, statements.CLAIM_COMPANY_MARKS, now=now)
        if not batch.causes:
            return 0
        companies = CompanyLookout(connection, lookout.settings, lookout.mapper)
        outlooks = companies.look(batch.causes)
        for one in outlooks:
            batch.concerns(one.company.pk, SendScope.COMPANIES)
        differing = {one.company.pk for one in outlooks if not one.is_empty}
        batch.queue(connection, "company", differing, now=now)
    return len(batch.causes)


@dataclass
class _Batch:
    """Claimed marks, each with its cause; `of_run` are those that the run under way concerns."""

    run: SendRun | None
    causes: dict[int, outbox.Cause]
    of_run: set[int] = field(default_factory=set)

    def concerns(self, one: int, kind: SendScope) -> bool:
        """Whether this customer or company is to be sent, if it differs."""
        cause = self.causes[one]
        if self.run is None or cause.run_id != self.run.pk:
            return True
        if self.run.scope in (kind, SendScope.EVERYBODY, SendScope.SEGMENT):
            self.of_run.add(one)
            return True
        return cause.is_automatic

    def queue(
        self, connection: Connection, about: str, differing: AbstractSet[int], *, now: datetime
    ) -> None:
        """Have those sent that differ, and count them."""
        queued = {
            one: cause if one in self.of_run else outbox.Cause(None, cause.is_automatic)
            for one, cause in sorted(self.causes.items())
            if one in differing
        }
        outbox.queue_caused(connection, about, queued, now)
        if self.run is not None:
            passed = sum(one.run_id == self.run.pk for one in self.causes.values())
            send_runs.count_looked(
                self.run,
                passed=passed,
                looked=len(self.of_run),
                differing=len(self.of_run & queued.keys()),
            )


def _claim(connection: Connection, statement: str, *, now: datetime) -> _Batch:
    run = send_runs.under_way(connection)
    rows = statements.fetch(statement, {**outbox.scope(connection, now), "limit": BATCH})
    return _Batch(run, {one: outbox.Cause(run_id, auto) for one, run_id, auto in rows})


def kind_of(outlook: Outlook) -> SendScope:
    """As what a customer is sent; who is not sent any more, as what Intercom knows them."""
    role = outlook.role or outlook.customer.contact_role
    return SendScope.LEADS if role == LEAD else SendScope.USERS


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
