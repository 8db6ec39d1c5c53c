"""From marks to the outbox: who was marked is looked at, and who differs gets a row.

A run that would touch more than the settings allow waits for a person before anything is sent.
"""

from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction

from pulsescore.connectors.intercom.models import Connection
from pulsescore.connectors.intercom.outbound import outbox, send_runs, statements, withholding
from pulsescore.connectors.intercom.outbound.companies import CompanyLookout
from pulsescore.connectors.intercom.outbound.events_out import note_new_events, waiting_events
from pulsescore.connectors.intercom.outbound.looking import Outlook, look_out
from pulsescore.connectors.intercom.outbound.models import (
    OutboundMark,
    OutboundTask,
    TaskState,
)
from pulsescore.connectors.intercom.outbound.roles import LEAD
from pulsescore.connectors.intercom.outbound.run_models import SendRun, SendScope
from pulsescore.connectors.intercom.outbound.settings import settings_of
from pulsescore.connectors.intercom.outbound.values import Mapper

BATCH: Final = 500
FIRST: Final = 100


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What looking at some marked customers found: how many they were, and who differs."""

    looked_at: int = 0
    differing: Sequence[Outlook] = ()


def plan(connection: Connection, *, now: datetime) -> int:
    """Look at who is marked until somebody differs; at everybody where that may be a large run.

    Runs that people asked for mark whom they concern, one run after the other, and look at all.
    Returns how many marks may be looked at while others are being sent already.
    """
    while run := send_runs.begin_next(connection, settings_of(connection), now=now):
        plan_all(connection, now=now)
        send_runs.end_looking(run)
    while _plan_companies(connection, now=now):
        pass
    left = _marked_in_small_run(connection)
    if left is None:
        plan_all(connection, now=now)
        return 0
    planned = Planned()
    while left > 0 and not planned.differing:
        planned = plan_customers(connection, now=now, limit=min(FIRST, left))
        left = left - planned.looked_at if planned.looked_at else 0
    return left


def plan_all(connection: Connection, *, now: datetime) -> None:
    """Look at everybody who is marked, batch by batch; each is one transaction with its marks."""
    while _plan_companies(connection, now=now):
        pass
    while plan_customers(connection, now=now, limit=BATCH).looked_at:
        pass


def plan_customers(
    connection: Connection, *, now: datetime, limit: int, under_way: Collection[int] = ()
) -> Planned:
    """Turn marks into rows of the outbox, in one transaction.

    Settings and tables are read after the marks were claimed, so they are not older than what was
    marked. Who is `under_way` differs from what is stored, maybe: they are looked at once more.
    """
    with transaction.atomic():
        batch = _claim(connection, statements.CLAIM_MARKS, now=now, limit=limit)
        if not batch.causes:
            return Planned()
        lookout = look_out(connection, clock=lambda: now)
        outlooks = [
            one
            for one in lookout.look(batch.causes)
            if batch.concerns(one.customer.pk, kind_of(one))
        ]
        sent = [one.customer.pk for one in outlooks if one.role is not None]
        note_new_events(connection, lookout.settings, sent)
        with_events = waiting_events(connection, sent)
        withholding.show(connection, outlooks, now=now)
        differing = [one for one in outlooks if not one.is_empty or one.customer.pk in with_events]
        queued = {one.customer.pk for one in differing} | batch.causes.keys() & set(under_way)
        batch.queue(connection, "customer", queued, now=now)
    return Planned(looked_at=len(batch.causes), differing=differing)


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


def _marked_in_small_run(connection: Connection) -> int | None:
    """How many customers are marked; `None` where the run may be one that waits for a person."""
    settings = settings_of(connection)
    if settings.waiting_since is not None:
        return None
    rows = OutboundTask.objects.for_org(connection.org_id).filter(connection=connection)
    waiting = rows.filter(state=TaskState.WAITING, is_forced=False, is_confirmed=False).count()
    marked = OutboundMark.objects.for_org(connection.org_id).filter(connection=connection).count()
    return marked if waiting + marked <= settings.confirm_above else None


def _plan_companies(connection: Connection, *, now: datetime) -> int:
    with transaction.atomic():
        batch = _claim(connection, statements.CLAIM_COMPANY_MARKS, now=now, limit=BATCH)
        if not batch.causes:
            return 0
        companies = CompanyLookout(connection, settings_of(connection), Mapper(connection))
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


def _claim(connection: Connection, statement: str, *, now: datetime, limit: int) -> _Batch:
    run = send_runs.under_way(connection)
    rows = statements.fetch(statement, {**outbox.scope(connection, now), "limit": limit})
    return _Batch(run, {one: outbox.Cause(run_id, auto) for one, run_id, auto in rows})


def kind_of(outlook: Outlook) -> SendScope:
    """As what a customer is sent; who is not sent any more, as what Intercom knows them."""
    role = outlook.role or outlook.customer.contact_role
    return SendScope.LEADS if role == LEAD else SendScope.USERS
