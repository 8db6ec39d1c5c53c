"""Who is in which of Intercom's segments: one search per segment, now and then.

No webhook and no contact tells it. Segments that hold most people ("All users") say little and
would cost as much as reading everybody, so their members are not listed; and all segments together
cost no more than a limited number of calls, the smallest ones first.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pulsescore.connectors.intercom.api.client import PAGE_SIZE
from pulsescore.connectors.intercom.api.errors import CANNOT_BE_READ
from pulsescore.connectors.intercom.api.pages import Page, follow
from pulsescore.connectors.intercom.api.schemas import Contact
from pulsescore.connectors.intercom.findings import SWEEP
from pulsescore.connectors.intercom.inbound.job import Job
from pulsescore.connectors.intercom.queries import directory_names
from pulsescore.store import source_segments
from pulsescore.store.queries import count_living
from pulsescore.store.source_segments import SegmentOf

# Up to so many members a segment is listed whatever its share.
ALWAYS_LISTED: Final = 1_500
_LARGEST_SHARE: Final = 0.5
# With 10,000 calls a minute, all segments of a large workspace take less than half a minute's.
MOST_CALLS: Final = 4_000
_AT_ONCE: Final = 4
# An import of more people than this leaves the segments to the run after it.
_FEW_PEOPLE: Final = 5_000


@dataclass(frozen=True)
class Begun:
    """A segment and the first page of its members."""

    external_id: str
    name: str
    page: Page[Contact]

    @property
    def size(self) -> int:
        """How many belong to it, as far as the first page tells."""
        return self.page.total if self.page.total is not None else self.page.size

    @property
    def calls_left(self) -> int:
        """How many more pages there are, about."""
        return max(1, -(-self.size // PAGE_SIZE) - 1) if self.page.cursor else 0


async def read_members(job: Job) -> None:
    """Read who is in each segment, and report how many came or went."""
    names = dict(await job.database.run(directory_names, job.connection, "segment"))
    changes = await job.database.run(source_segments.keep_only, job.org_id, job.source_id, names)
    gate = asyncio.Semaphore(_AT_ONCE)
    answers = await asyncio.gather(*(_begin(job, gate, *one) for one in sorted(names.items())))
    begun = [one for one in answers if one is not None]
    people = await job.database.run(count_living, job.org_id, job.source_id)
    listed, large = choose(begun, people=people)
    for one in large:
        segment = _segment(job, one)
        changes += await job.database.run(source_segments.forget_members, segment, now=job.now())
    changes += sum(await asyncio.gather(*(_read(job, gate, one) for one in listed)))
    job.progress.of(SWEEP)["segment_changes"] = changes
    if changes:
        job.on_changed(job.org_id)


async def read_first(job: Job, *, after_import: bool = False) -> None:
    """Read the segments if they never were; after a large import the next run does it."""
    if await job.database.run(source_segments.is_known, job.org_id, job.source_id):
        return
    people = await job.database.run(count_living, job.org_id, job.source_id)
    if people and not (after_import and people > _FEW_PEOPLE):
        await read_members(job)


async def _begin(job: Job, gate: asyncio.Semaphore, external_id: str, name: str) -> Begun | None:
    """The first page; None where the search is refused, and what is known of it stays."""
    async with gate:
        try:
            page = await job.client.search_contacts(_members_of(external_id))
        except CANNOT_BE_READ:
            return None
    return Begun(external_id, name, page)


async def _read(job: Job, gate: asyncio.Semaphore, begun: Begun) -> int:
    query = _members_of(begun.external_id)
    ids = _ids(begun.page)
    async with gate:
        if begun.page.cursor is not None:
            async for page in follow(
                lambda cursor: job.client.search_contacts(query, cursor=cursor), begun.page.cursor
            ):
                ids += _ids(page)
    return await job.database.run(
        source_segments.replace_members, _segment(job, begun), ids, now=job.now()
    )


def choose(begun: Iterable[Begun], *, people: int) -> tuple[list[Begun], list[Begun]]:
    """Those to list, smallest first as far as the calls go, and those that are too large."""
    most = max(ALWAYS_LISTED, people * _LARGEST_SHARE)
    listed: list[Begun] = []
    large: list[Begun] = []
    calls = 0
    for one in sorted(begun, key=lambda one: one.size):
        calls += one.calls_left
        (listed if one.size <= most and calls <= MOST_CALLS else large).append(one)
    return listed, large


def _members_of(external_id: str) -> dict[str, str]:
    return {"field": "segment_id", "operator": "=", "value": external_id}


def _ids(page: Page[Contact]) -> list[str]:
    return [str(one.id) for one in page.items] + [one.external_id for one in page.unreadable]


def _segment(job: Job, begun: Begun) -> SegmentOf:
    return SegmentOf(
        org_id=job.org_id,
        source_id=job.source_id,
        external_id=begun.external_id,
        name=begun.name or begun.external_id,
        size=begun.page.total,
    )
