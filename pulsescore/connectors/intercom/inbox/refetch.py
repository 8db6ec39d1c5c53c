"""Reading again what notifications told too little of, until it is known or known to be gone."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from asgiref.sync import sync_to_async
from django.db import connection as database
from django.db import transaction
from msgspec import Struct

from pulsescore.connectors.intercom import connection_log
from pulsescore.connectors.intercom.api.client import IntercomClient
from pulsescore.connectors.intercom.api.errors import (
    ApiError,
    NotFoundThere,
    PermanentApiError,
    PlanRestricted,
    TokenRefused,
    TransientApiError,
)
from pulsescore.connectors.intercom.api.retry import IMPATIENT
from pulsescore.connectors.intercom.attention import needs_attention
from pulsescore.connectors.intercom.clients import client_for
from pulsescore.connectors.intercom.inbox import metrics, rows, statements
from pulsescore.connectors.intercom.inbox.backoff import absence_counts_from, next_refetch
from pulsescore.connectors.intercom.inbox.context import load_workspace, lock_connection
from pulsescore.connectors.intercom.inbox.effects.telling import CannotUnderstand, Refetch
from pulsescore.connectors.intercom.inbox.reading import Reader, gone, people_in
from pulsescore.connectors.intercom.mappings.bringing import bring_in
from pulsescore.connectors.intercom.models import Connection, ConnectionStatus
from pulsescore.connectors.intercom.secrets import NotConnected
from pulsescore.store import write
from pulsescore.store.records import Record

ClientFactory = Callable[[Connection], IntercomClient]

_AT_A_TIME: Final = 100
_IN_FLIGHT: Final = 8
_NOT_THERE_YET: Final = "Intercom does not find it; it was told of only just now."


class Due(Struct, frozen=True, kw_only=True):
    """One object to read now; `marks` is how often it had been asked for by then."""

    id: int
    wanted: Refetch
    marks: int
    because: list[int]
    marked_at: datetime
    attempts: int


class Read(Struct, frozen=True, kw_only=True):
    """What reading brought: records, or the reason why there are none.

    `again_at`: it was not found, but was told of so lately that it may only be late.
    """

    due: Due
    records: list[Record] = []
    fault: ApiError | None = None
    again_at: datetime | None = None


def impatient_client(connection: Connection) -> IntercomClient:
    """A client that gives up soon: what it could not read waits with a backoff of its own."""
    return client_for(connection, patience=IMPATIENT)


async def refetch_due(
    connection_id: int,
    *,
    now: Callable[[], datetime],
    client_factory: ClientFactory = impatient_client,
) -> int:
    """Read all that is due; returns how many objects were settled.

    Ends early when Intercom gives no answer: what is left keeps waiting with its backoff.
    """
    total = 0
    while True:
        connection, due = await sync_to_async(_take)(connection_id, now=now())
        if connection is None or not due:
            return total
        answers = await _read_all(connection, due, now=now, client_factory=client_factory)
        settled = await sync_to_async(_settle)(connection_id, answers, now=now())
        total += settled
        if settled < len(due):
            return total


def _take(connection_id: int, *, now: datetime) -> tuple[Connection | None, list[Due]]:
    with transaction.atomic():
        connection = lock_connection(connection_id)
        if connection is None or connection.status == ConnectionStatus.NEEDS_ATTENTION:
            return None, []
        parameters = {**_scope(connection, now), "limit": _AT_A_TIME}
        with database.cursor() as cursor:
            cursor.execute(statements.DUE_REFETCHES, parameters)
            found = cursor.fetchall()
    due = [
        Due(
            id=row_id,
            wanted=Refetch(kind, name),
            marks=marks,
            because=because,
            marked_at=marked_at,
            attempts=attempts,
        )
        for row_id, kind, name, marks, because, marked_at, attempts in found
    ]
    return connection, due


async def _read_all(
    connection: Connection,
    due: Sequence[Due],
    *,
    now: Callable[[], datetime],
    client_factory: ClientFactory,
) -> list[Read]:
    try:
        client = client_factory(connection)
    except NotConnected:
        return []
    workspace = await sync_to_async(load_workspace)(connection)
    slots = asyncio.Semaphore(_IN_FLIGHT)
    async with client:
        reader = Reader(client, tag_names=workspace.tags, now=now)
        await reader.look_for([one.wanted for one in due])
        return await asyncio.gather(*(_read_one(reader, one, slots, now=now) for one in due))


async def _read_one(
    reader: Reader, due: Due, slots: asyncio.Semaphore, *, now: Callable[[], datetime]
) -> Read:
    async with slots:
        asked_at = now()
        try:
            return Read(due=due, records=await reader.read(due.wanted))
        except NotFoundThere:
            counts_from = absence_counts_from(due.marked_at)
            if asked_at < counts_from:
                return Read(due=due, again_at=counts_from)
            return Read(due=due, records=gone(due.wanted, asked_at))
        except ApiError as fault:
            return Read(due=due, fault=fault)


def _settle(connection_id: int, answers: Sequence[Read], *, now: datetime) -> int:
    """Apply what was read, take it off the list, and postpone the rest.

    Returns how many were answered: read, refused for good, or not there yet.
    """
    with transaction.atomic():
        connection = lock_connection(connection_id)
        if connection is None:
            return 0
        late = [answer for answer in answers if answer.again_at is not None]
        read = [answer for answer in answers if answer.fault is None and answer not in late]
        records = [record for answer in read for record in answer.records]
        records += _told_again(connection, read, now=now)
        if records:
            changed = write.apply(
                org_id=connection.org_id,
                source_id=connection.source_id,
                records=records,
                now=now,
            )
            bring_in(connection, changed.customers, now=now)
        refused = [answer for answer in answers if _is_final(answer)]
        _drop(connection, [*read, *refused], now=now)
        for answer in answers:
            if answer.again_at is not None:
                _put_off(connection, answer, until=answer.again_at, why=_NOT_THERE_YET, now=now)
            elif answer.fault is not None and not _is_final(answer):
                _postpone(connection, answer, answer.fault, now=now)
    _report(connection, answers, now=now)
    return len(read) + len(refused) + len(late)


def _told_again(connection: Connection, read: Sequence[Read], *, now: datetime) -> list[Record]:
    """Events of people who were known by their own user id only, now that they are found."""
    people: dict[str, str] = {}
    for answer in read:
        people |= people_in(answer.due.wanted, answer.records)
    ids = {row_id for answer in read for row_id in answer.due.because}
    if not people or not ids:
        return []
    stored = rows.fetch(statements.TOLD_BY, {**_scope(connection, now), "ids": list(ids)})
    workspace = msgspec.structs.replace(load_workspace(connection), people=people)
    told: list[Record] = []
    for row in stored:
        try:
            told += rows.effect(row, workspace).records
        except CannotUnderstand:
            continue
    return told


def _is_final(answer: Read) -> bool:
    """Refused for good; but a refused token may be replaced, so that waits."""
    return isinstance(answer.fault, PermanentApiError) and not isinstance(
        answer.fault, TokenRefused
    )


def _drop(connection: Connection, ended: Sequence[Read], *, now: datetime) -> None:
    parameters = {
        **_scope(connection, now),
        "ids": [answer.due.id for answer in ended],
        "marks": [answer.due.marks for answer in ended],
    }
    with database.cursor() as cursor:
        cursor.execute(statements.DROP_REFETCHES, parameters)


def _postpone(connection: Connection, answer: Read, fault: ApiError, *, now: datetime) -> None:
    not_before = fault.retry_at if isinstance(fault, TransientApiError) else None
    again_at = next_refetch(answer.due.attempts + 1, now=now, not_before=not_before)
    if again_at is None:
        _drop(connection, [answer], now=now)
        return
    _put_off(connection, answer, until=again_at, why=str(fault), now=now)


def _put_off(
    connection: Connection, answer: Read, *, until: datetime, why: str, now: datetime
) -> None:
    parameters = {
        **_scope(connection, now),
        "id": answer.due.id,
        "next_attempt_at": until,
        "error": why,
    }
    with database.cursor() as cursor:
        cursor.execute(statements.POSTPONE_REFETCH, parameters)


def _report(connection: Connection, answers: Sequence[Read], *, now: datetime) -> None:
    """Count outcomes; tell of a refusal that only a person can mend."""
    for answer in answers:
        metrics.REFETCHED.labels(_outcome(answer)).inc()
    refused = [a.fault for a in answers if isinstance(a.fault, PermanentApiError)]
    connection_log.write_failures(connection, [(now, fault.failure) for fault in refused])
    for fault in refused:
        if isinstance(fault, TokenRefused | PlanRestricted):
            needs_attention(connection, fault, now=now)
            return


def _outcome(answer: Read) -> str:
    if answer.again_at is not None:
        return "postponed"
    if answer.fault is None:
        return "read"
    return "refused" if _is_final(answer) else "postponed"


def _scope(connection: Connection, now: datetime) -> dict[str, Any]:
    return {"org_id": connection.org_id, "connection_id": connection.pk, "now": now}
