"""Sends what differs over one connection: plan, prepare tags, then many contacts at once.

One process at a time sends over a connection (an advisory lock, which dies with its holder), so
that every contact has one writer. Requests are under way side by side, as many as the rate limit
that is shared with syncing allows; what comes of them is settled by the handful meanwhile.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol, TypeVar

import structlog

from pulsescore.connectors.intercom.api.client import IntercomClient
from pulsescore.connectors.intercom.api.errors import ApiError, PermanentApiError, TokenRefused
from pulsescore.connectors.intercom.api.session import MOST_IN_FLIGHT
from pulsescore.connectors.intercom.attention import needs_attention
from pulsescore.connectors.intercom.clients import client_for
from pulsescore.connectors.intercom.inbound.database import DatabaseThread
from pulsescore.connectors.intercom.models import Connection, DirectoryEntry
from pulsescore.connectors.intercom.outbound import outbox, planning, send_runs
from pulsescore.connectors.intercom.outbound.companies import CompanyLookout, CompanySender
from pulsescore.connectors.intercom.outbound.contact import ContactSender
from pulsescore.connectors.intercom.outbound.due import (
    CompanyWork,
    ContactWork,
    DueCompanies,
    DueContacts,
)
from pulsescore.connectors.intercom.outbound.looking import look_out
from pulsescore.connectors.intercom.outbound.models import OutboundSettings
from pulsescore.connectors.intercom.outbound.outcome import Outcome, WrittenCompany
from pulsescore.connectors.intercom.outbound.settings import (
    may_send,
    may_still_send,
    note_trouble,
    settings_of,
)
from pulsescore.connectors.intercom.outbound.settling import settle
from pulsescore.connectors.intercom.outbound.side_by_side import SideBySide
from pulsescore.connectors.intercom.outbound.tagging import Tagging
from pulsescore.connectors.intercom.secrets import NotConnected
from pulsescore.core.locks import held_lock, own_conninfo
from pulsescore.store.records import Record

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
ClientFactory = Callable[[Connection], IntercomClient]
T = TypeVar("T", bound=tuple[Any, ...])

# Some more than requests may be under way at once: some wait for the database.
PLACES: Final = MOST_IN_FLIGHT + 4
# What a run brings about is looked at in the same run, but not for ever.
_ROUNDS: Final = 20


class Due(Protocol[T]):
    """Gives what is to be sent, batch by batch, and `None` at its end."""

    def batch(self, *, now: datetime) -> list[T] | None:
        """The next batch, maybe an empty one."""


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
    unplanned = await database.run(planning.plan, connection, now=now())
    if not await database.run(_is_anything_due, connection, settings, now=now()):
        return 0
    try:
        client = client_factory(connection)
    except NotConnected:
        return 0
    async with client:
        return await _Sending(client, database, connection, settings, now, unplanned).run()


def _able(connection_id: int) -> tuple[Connection, OutboundSettings] | None:
    rows = Connection.objects.across_orgs("a job names its connection by id")
    connection = rows.filter(pk=connection_id, org__deleted_at=None).first()
    if connection is None:
        return None
    settings = settings_of(connection)
    if not settings.is_saved or not may_send(connection, settings):
        return None
    return connection, settings


def _settle(
    connection: Connection,
    done: Sequence[Outcome],
    *,
    records: Sequence[Record],
    writes: Sequence[WrittenCompany],
    now: datetime,
) -> tuple[bool, frozenset[int]]:
    """Store what was done, and say whether more may be sent, and for which runs no more."""
    if done or records or writes:
        settle(connection, done, records=records, writes=writes, now=now)
    ended = send_runs.ended_among(connection.org_id, {one.task.run_id for one in done})
    return may_still_send(connection), ended


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
    unplanned: int
    barred: dict[str, str] = field(default_factory=dict)
    is_over: bool = False
    ended: set[int] = field(default_factory=set)

    async def run(self) -> int:
        tagging = Tagging(self.client, self.database, self.connection, self.settings, self.now)
        prepared = await self._tried(tagging.prepare())
        if prepared is None:
            return 0
        lookout = await self.database.run(look_out, self.connection, clock=self.now)
        companies = CompanyLookout(self.connection, self.settings, lookout.mapper)
        self._companies = CompanySender(
            self.client, self.database, companies, self.now, self.barred
        )
        self._contacts = ContactSender(
            self.client,
            self.now,
            await self.database.run(self._tag_names),
            self._companies.company_id,
            lookout.mapper,
            self.barred,
        )
        due = DueContacts(self.connection, self.unplanned, lookout.untagged)
        worked = await self._side_by_side(
            DueCompanies(self.connection, companies), self._send_company
        )
        worked += await self._side_by_side(due, self._send_contact)
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

    async def _side_by_side(self, due: "Due[T]", send: Callable[[T], Awaitable[Outcome]]) -> int:
        """Send all that is due; ends early when nothing may be sent any more."""

        async def work() -> AsyncIterator[T]:
            while not self.is_over:
                batch = await self.database.run(due.batch, now=self.now())
                if batch is None:
                    return
                for one in batch:
                    yield one

        async def do(one: T) -> Outcome | None:
            if self.is_over or one[0].run_id in self.ended:
                return None
            outcome = await send(one)
            self.is_over = self.is_over or isinstance(outcome.fault, TokenRefused)
            return outcome

        return await SideBySide(do=do, settle=self._settle, places=PLACES).run(work())

    async def _settle(self, done: list[Outcome]) -> None:
        """Store what is done; a stop, of all or of a run, and a disconnection are noticed here."""
        records, self._companies.records = self._companies.records, []
        writes, self._companies.writes = self._companies.writes, []
        may_go_on, ended = await self.database.run(
            _settle, self.connection, done, records=records, writes=writes, now=self.now()
        )
        self.is_over = self.is_over or not may_go_on
        self.ended |= ended

    async def _send_contact(self, work: ContactWork) -> Outcome:
        task, outlook, events = work
        outcome = Outcome(task=task)
        if outlook.is_empty and not (events and outlook.diff.contact_id):
            return outcome
        return await self._contacts.send(outlook, outcome, events)

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
