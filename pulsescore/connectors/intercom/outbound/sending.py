"""Sends what differs over one connection: plan, prepare tags, then many contacts at once.

One process at a time sends over a connection (an advisory lock, which dies with its holder), so
that every contact has one writer. Requests are under way side by side, as many as the rate limit
that is shared with syncing allows; what comes of them is settled by the handful meanwhile.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar

import structlog

from pulsescore.connectors.intercom.api.client import IntercomClient
from pulsescore.connectors.intercom.api.errors import ApiError, PermanentApiError, TokenRefused
from pulsescore.connectors.intercom.attention import needs_attention
from pulsescore.connectors.intercom.clients import client_for
from pulsescore.connectors.intercom.inbound.database import DatabaseThread
from pulsescore.connectors.intercom.models import Connection, DirectoryEntry
from pulsescore.connectors.intercom.outbound import outbox, planning, send_runs
from pulsescore.connectors.intercom.outbound.companies import (
    CompanyLookout,
    CompanyOutlook,
    CompanySender,
)
from pulsescore.connectors.intercom.outbound.contact import ContactSender
from pulsescore.connectors.intercom.outbound.events_out import waiting_events
from pulsescore.connectors.intercom.outbound.looking import Asked, Lookout, Outlook
from pulsescore.connectors.intercom.outbound.models import (
    OutboundSettings,
    OutboundTask,
    OutgoingEvent,
)
from pulsescore.connectors.intercom.outbound.outcome import Outcome
from pulsescore.connectors.intercom.outbound.settings import (
    may_send,
    note_trouble,
    settings_of,
)
from pulsescore.connectors.intercom.outbound.settling import settle
from pulsescore.connectors.intercom.outbound.tagging import Tagging
from pulsescore.connectors.intercom.secrets import NotConnected
from pulsescore.core.locks import held_lock, own_conninfo

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
ClientFactory = Callable[[Connection], IntercomClient]
T = TypeVar("T", bound=tuple[Any, ...])

IN_FLIGHT: Final = 16
_LOADED: Final = 200
_SETTLED: Final = 50
_SETTLE_EVERY_SECS: Final = 0.5
# What a run brings about is looked at in the same run, but not for ever.
_ROUNDS: Final = 20

ContactWork = tuple[OutboundTask, Outlook, list[OutgoingEvent]]
CompanyWork = tuple[OutboundTask, CompanyOutlook]


async def send_due(
    connection_id: int, *, now: Clock, client_factory: ClientFactory = client_for
) -> int:
    """Send all that is due over a connection; returns how many rows were worked on.

    Does nothing while another process does, or while the connection may not send.
    """
    with held_lock(own_conninfo(), f"intercom.outbound:{connection_id}") as is_free:
        if not is_free:
            return 0
        total = 0
        async with DatabaseThread() as database:
            for _ in range(_ROUNDS):
                worked = await _round(
                    database, connection_id, now=now, client_factory=client_factory
                )
                total += worked
                if not worked:
                    break
        return total


async def _round(
    database: DatabaseThread, connection_id: int, *, now: Clock, client_factory: ClientFactory
) -> int:
    able = await database.run(_able, connection_id)
    if able is None:
        return 0
    connection, settings = able
    await database.run(planning.plan_marked, connection, settings, now=now())
    if not await database.run(_is_anything_due, connection, settings, now=now()):
        return 0
    try:
        client = client_factory(connection)
    except NotConnected:
        return 0
    async with client:
        return await _Sending(client, database, connection, settings, now).run()


def _able(connection_id: int) -> tuple[Connection, OutboundSettings] | None:
    rows = Connection.objects.across_orgs("a job names its connection by id")
    connection = rows.filter(pk=connection_id, org__deleted_at=None).first()
    if connection is None:
        return None
    settings = settings_of(connection)
    if not settings.is_saved or not may_send(connection, settings):
        return None
    return connection, settings


def _is_anything_due(connection: Connection, settings: OutboundSettings, *, now: datetime) -> bool:
    is_held = planning.hold_if_many(connection, now=now)
    send_runs.note_standing(connection, now=now)
    if any(
        outbox.take(connection, about=about, now=now, above=0, limit=1)
        for about in ("customer", "company")
    ):
        return True
    return not (is_held or _is_barred(settings, now=now)) and Tagging.has_work(connection, settings)


def _is_barred(settings: OutboundSettings, *, now: datetime) -> bool:
    """Whether tags were refused only lately: then they wait for what else is to be sent."""
    told = settings.troubles.get("tags")
    return told is not None and now < datetime.fromisoformat(told["at"]) + outbox.NOT_PERMITTED


@dataclass
class _Sending:
    """One round over one connection."""

    client: IntercomClient
    database: DatabaseThread
    connection: Connection
    settings: OutboundSettings
    now: Clock
    barred: dict[str, str] = field(default_factory=dict)
    is_over: bool = False
    ended: set[int] = field(default_factory=set)

    async def run(self) -> int:
        tagging = Tagging(self.client, self.database, self.connection, self.settings, self.now)
        prepared = await self._tried(tagging.prepare())
        if prepared is None:
            return 0
        lookout = await self.database.run(Lookout, self.connection, self.settings, clock=self.now)
        companies = CompanyLookout(self.connection, self.settings, lookout.mapper)
        self._companies = CompanySender(
            self.client, self.database, companies, self.now, self.barred
        )
        self._contacts = ContactSender(
            self.client,
            self.now,
            await self.database.run(self._tag_names),
            self._companies.company_id,
            self.barred,
        )
        worked = await self._stream(self._due_companies(companies), self._send_company)
        worked += await self._stream(self._due_contacts(lookout), self._send_contact)
        await self._tried(tagging.delete_unused())
        await self.database.run(self._note_troubles, worked)
        return worked + prepared

    async def _tried(self, work: Awaitable[bool]) -> bool | None:
        """Do what concerns tags, and say whether there was anything; `None` ends the round.

        A refusal keeps tags from being sent, not contacts.
        """
        try:
            return await work
        except TokenRefused as fault:
            await self.database.run(needs_attention, self.connection, fault, now=self.now())
        except PermanentApiError as fault:
            self.barred["tags"] = fault.failure.message or fault.failure.code
            return False
        except ApiError as fault:
            log.info("outbound.tags_wait", connection_id=self.connection.pk, error=str(fault))
        return None

    async def _stream(self, work: AsyncIterator[T], send: Callable[[T], Awaitable[Outcome]]) -> int:
        """Send side by side, settle by the handful; ends early when nothing may be sent."""
        waiting: asyncio.Queue[T | None] = asyncio.Queue(maxsize=_LOADED)
        done: list[Outcome] = []
        counts: list[int] = []

        async def load() -> None:
            async for one in work:
                await waiting.put(one)
            for _ in range(IN_FLIGHT):
                await waiting.put(None)

        async def work_off() -> None:
            count = 0
            while (one := await waiting.get()) is not None:
                if not (self.is_over or self._is_ended(one)):
                    outcome = await send(one)
                    self.is_over = self.is_over or isinstance(outcome.fault, TokenRefused)
                    done.append(outcome)
                    count += 1
            counts.append(count)

        async def note() -> None:
            while len(counts) < IN_FLIGHT:
                await asyncio.sleep(_SETTLE_EVERY_SECS)
                await self._settle(done)

        async with asyncio.TaskGroup() as group:
            group.create_task(load())
            for _ in range(IN_FLIGHT):
                group.create_task(work_off())
            group.create_task(note())
        await self._settle(done)
        return sum(counts)

    async def _settle(self, done: list[Outcome]) -> None:
        """Take what is done and store it; a stop or a disconnection is noticed here."""
        while done:
            some, done[:] = done[:_SETTLED], done[_SETTLED:]
            records, self._companies.records = self._companies.records, []
            writes, self._companies.writes = self._companies.writes, []
            await self.database.run(
                settle, self.connection, some, records=records, writes=writes, now=self.now()
            )
            able = await self.database.run(_able, self.connection.pk)
            self.is_over = self.is_over or able is None
            self.ended |= await self.database.run(
                send_runs.ended_among, self.connection.org_id, {one.task.run_id for one in some}
            )

    def _is_ended(self, work: tuple[Any, ...]) -> bool:
        """Whether somebody stopped the run that this was to be sent for."""
        return work[0].run_id in self.ended

    async def _due_contacts(self, lookout: Lookout) -> AsyncIterator[ContactWork]:
        above = 0
        while not self.is_over:
            works = await self.database.run(self._load_contacts, lookout, above)
            if not works:
                return
            above = works[-1][0].pk
            for one in works:
                yield one

    def _load_contacts(self, lookout: Lookout, above: int) -> list[ContactWork]:
        tasks = outbox.take(
            self.connection, about="customer", now=self.now(), above=above, limit=_LOADED
        )
        by_customer = {task.customer_id: task for task in tasks if task.customer_id is not None}
        asked = {
            customer_id: Asked(
                is_forced=task.is_forced,
                tags_to_add=task.tags_to_add,
                tags_to_remove=task.tags_to_remove,
                values=task.values,
                archives=task.archives,
            )
            for customer_id, task in by_customer.items()
        }
        events = waiting_events(self.connection, by_customer)
        outlooks = lookout.look(by_customer, asked=asked)
        works = [
            (by_customer[one.customer.pk], one, events.get(one.customer.pk, [])) for one in outlooks
        ]
        return sorted(works, key=lambda work: work[0].pk)

    async def _send_contact(self, work: ContactWork) -> Outcome:
        task, outlook, events = work
        outcome = Outcome(task=task)
        if outlook.is_empty and not (events and outlook.diff.contact_id):
            return outcome
        return await self._contacts.send(outlook, outcome, events)

    async def _due_companies(self, lookout: CompanyLookout) -> AsyncIterator[CompanyWork]:
        above = 0
        while not self.is_over:
            works = await self.database.run(self._load_companies, lookout, above)
            if not works:
                return
            above = works[-1][0].pk
            for one in works:
                yield one

    def _load_companies(self, lookout: CompanyLookout, above: int) -> list[CompanyWork]:
        tasks = outbox.take(
            self.connection, about="company", now=self.now(), above=above, limit=_LOADED
        )
        by_company = {task.company_id: task for task in tasks if task.company_id is not None}
        forced = frozenset(one for one, task in by_company.items() if task.is_forced)
        back = {one: task.values for one, task in by_company.items()}
        outlooks = lookout.look(by_company, forced=forced, back=back)
        works = [(by_company[one.company.pk], one) for one in outlooks]
        return sorted(works, key=lambda work: work[0].pk)

    async def _send_company(self, work: CompanyWork) -> Outcome:
        task, outlook = work
        outcome = Outcome(task=task)
        return outcome if outlook.is_empty else await self._companies.send(outlook, outcome)

    def _tag_names(self) -> dict[str, str]:
        entries = DirectoryEntry.objects.for_org(self.connection.org_id).filter(
            connection=self.connection, kind="tag"
        )
        return dict(entries.values_list("external_id", "name"))

    def _note_troubles(self, worked: int) -> None:
        """Show what is not permitted, and no longer what is."""
        now = self.now()
        for kind in ("contacts", "tags", "companies", "events"):
            message = self.barred.get(kind)
            if message is not None or worked:
                note_trouble(self.connection, kind=kind, message=message, now=now)
