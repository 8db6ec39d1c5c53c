"""What each kind of run reads, and in which order."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from pulsescore.connectors.intercom.api.errors import ApiError
from pulsescore.connectors.intercom.inbound import (
    checkpoints,
    companies,
    contacts,
    conversations,
    lookups,
)
from pulsescore.connectors.intercom.inbound.cursors import WindowReader, read_all
from pulsescore.connectors.intercom.inbound.directory import read_directory
from pulsescore.connectors.intercom.inbound.job import Job
from pulsescore.connectors.intercom.inbound.planning import CURSORS
from pulsescore.connectors.intercom.inbound.writing import Stream

# Search follows changes with minutes of delay: each run reads that far back into the last one.
OVERLAP: Final = timedelta(minutes=10)


async def read_everything(job: Job) -> None:
    """All companies and contacts, and the conversations of the last days.

    Contacts and companies are read side by side, conversations as soon as cursors are free; they
    are stored after the contacts that they link to. What changed meanwhile is read at the end.
    """
    async with asyncio.TaskGroup() as group:
        group.create_task(read_directory(job))
        group.create_task(contacts.plan_contacts(job))
    firms, people = Stream(job), Stream(job)
    talks = Stream(job, supply=partial(lookups.missing_contacts, job))
    job.progress.phase = contacts.PHASE
    people_stored = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        planning = _patiently(conversations.plan_conversations(job), people_stored)
        planned = group.create_task(planning)
        group.create_task(firms.consume())
        group.create_task(_companies(job, firms))
        group.create_task(_store_people(people, people_stored))
        group.create_task(_store_talks(job, talks, people_stored))
        work = _windows(job, people, talks, planned, people_stored)
        group.create_task(_read_windows(work, talks))
    await _catch_up(job)


async def read_scope(job: Job) -> None:
    """All companies, or all contacts of a role; what changes meanwhile others tell."""
    await read_directory(job)
    if job.role is None:
        await _all_companies(job)
    else:
        await contacts.plan_contacts(job)
        await _all_contacts(job)


async def read_changes(
    job: Job, *, since: datetime, with_companies: bool = False, again: bool = False
) -> int:
    """Contacts and conversations updated since then; how many contacts are new in this run.

    `with_companies` reads all companies again: Intercom tells of no company that it changed.
    `again` says that this run has read most of it already.
    """
    if with_companies:
        await read_directory(job)
        await _all_companies(job)
    people = Stream(job, supply=partial(lookups.missing_companies, job), again=again)
    job.progress.phase = contacts.PHASE
    async with asyncio.TaskGroup() as group:
        group.create_task(people.consume())
        reading = group.create_task(
            _closing(people, contacts.read_updated(job, people, since=since))
        )
    talks = Stream(job, supply=partial(lookups.missing_contacts, job), again=again)
    job.progress.phase = conversations.PHASE
    async with asyncio.TaskGroup() as group:
        group.create_task(talks.consume())
        group.create_task(_closing(talks, conversations.read_updated(job, talks, since=since)))
    return reading.result() or 0


async def _catch_up(job: Job) -> None:
    """What changed while we read; then all contacts one by one if the numbers do not add up."""
    total = await contacts.count_all(job)
    created = await read_changes(job, since=job.since - OVERLAP, again=True)
    read = await job.database.run(checkpoints.count_read, job, contacts.PHASE)
    if total is None or read + created >= total:
        return
    people = Stream(job, again=True)
    job.progress.phase = contacts.PHASE
    async with asyncio.TaskGroup() as group:
        group.create_task(people.consume())
        group.create_task(_closing(people, contacts.read_listing(job, people)))


async def _all_companies(job: Job) -> None:
    firms = Stream(job)
    async with asyncio.TaskGroup() as group:
        group.create_task(firms.consume())
        group.create_task(_companies(job, firms))


async def _all_contacts(job: Job) -> None:
    """The open windows of contacts, several at once."""
    people = Stream(job, supply=partial(lookups.missing_companies, job))
    job.progress.phase = contacts.PHASE
    reader = contacts.window_reader(job, people)

    async def open_windows() -> AsyncIterator[Callable[[], Awaitable[None]]]:
        for window in await job.database.run(checkpoints.open_windows, job, contacts.PHASE):
            yield partial(reader.read, window)

    async def read() -> None:
        await read_all(open_windows(), readers=CURSORS)
        await people.close()

    async with asyncio.TaskGroup() as group:
        group.create_task(people.consume())
        group.create_task(read())


async def _windows(
    job: Job,
    people: Stream,
    talks: Stream,
    planned: asyncio.Task[None],
    people_stored: asyncio.Event,
) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Reading each open window: those of contacts, then those of conversations."""
    _expect_many(job, contacts.PHASE)
    of_people = contacts.window_reader(job, people)
    windows = await job.database.run(checkpoints.open_windows, job, contacts.PHASE)
    left = len(windows)

    async def read_people(window: checkpoints.OpenWindow) -> None:
        nonlocal left
        await of_people.read(window)
        left -= 1
        if not left:
            await people.close()

    if not windows:
        await people.close()
    for window in windows:
        yield partial(read_people, window)
    await planned
    _expect_many(job, conversations.PHASE)
    of_talks = conversations.window_reader(job, talks)
    for window in await job.database.run(checkpoints.open_windows, job, conversations.PHASE):
        yield partial(_read_talks, of_talks, window, people_stored)


def _expect_many(job: Job, phase: str) -> None:
    job.separately.expect(job.progress.of(phase)["total"], at_once=job.is_first)


async def _read_talks(
    reader: WindowReader[Any],
    window: checkpoints.OpenWindow,
    people_stored: asyncio.Event,
) -> None:
    await _patiently(reader.read(window), people_stored)


async def _patiently(reading: Awaitable[None], people_stored: asyncio.Event) -> None:
    """A failure to read conversations waits, so that all contacts come in nevertheless."""
    try:
        await reading
    except ApiError:
        await people_stored.wait()
        raise


async def _read_windows(work: AsyncIterator[Callable[[], Awaitable[None]]], talks: Stream) -> None:
    await read_all(work, readers=CURSORS)
    await talks.close()


async def _store_people(people: Stream, stored: asyncio.Event) -> None:
    await people.consume()
    stored.set()


async def _store_talks(job: Job, talks: Stream, people_stored: asyncio.Event) -> None:
    await people_stored.wait()
    job.progress.phase = conversations.PHASE
    await talks.consume()


async def _companies(job: Job, stream: Stream) -> None:
    complete = await companies.read_companies(job, stream)
    job.progress.of(companies.PHASE)["complete"] = complete
    await stream.close()


async def _closing(stream: Stream, reading: Awaitable[int | None]) -> int | None:
    result = await reading
    await stream.close()
    return result
