"""All companies: by one scroll, which leaves none out, else by the pages of the list."""

import asyncio
from datetime import datetime

from pulsescore.connectors.intercom.api.errors import (
    NotFoundThere,
    PermissionMissing,
    PlanRestricted,
    RequestRefused,
    ScrollBusy,
    ServerFailed,
)
from pulsescore.connectors.intercom.api.pages import Page, follow
from pulsescore.connectors.intercom.api.schemas import Company
from pulsescore.connectors.intercom.inbound.directory import set_permission
from pulsescore.connectors.intercom.inbound.job import Job
from pulsescore.connectors.intercom.inbound.locking import scrolling
from pulsescore.connectors.intercom.inbound.pieces import Piece
from pulsescore.connectors.intercom.inbound.writing import Stream

PHASE = "companies"
_MOST_SCROLLS = 3


async def read_companies(job: Job, stream: Stream) -> bool:
    """Read all companies; whether none can have been left out."""
    try:
        complete = await _scroll(job, stream) or await _list(job, stream)
    except (PermissionMissing, PlanRestricted):
        await job.database.run(set_permission, job.connection, "companies", granted=False)
        return False
    await job.database.run(set_permission, job.connection, "companies", granted=True)
    return complete


async def _scroll(job: Job, stream: Stream) -> bool:
    """False when scrolling is not possible now; a scroll that breaks starts again."""
    async with scrolling(job.connection) as is_ours:
        if not is_ours:
            return False
        for _ in range(_MOST_SCROLLS):
            ended = await _scroll_once(job, stream)
            if ended is not None:
                return ended
    return False


async def _scroll_once(job: Job, stream: Stream) -> bool | None:
    """Whether it came to its end; None when it broke on the way."""
    started, asked_at = False, job.now()
    try:
        async for page in follow(
            lambda cursor: job.client.scroll_companies(cursor=cursor), constant_cursor=True
        ):
            started = True
            await _put(job, stream, page, asked_at)
            asked_at = job.now()
    except ScrollBusy:
        return False
    except (NotFoundThere, RequestRefused, ServerFailed):
        return None if started else False
    return True


async def _list(job: Job, stream: Stream) -> bool:
    """Pages side by side; companies without contacts are not among them."""
    try:
        asked_at = job.now()
        first = await job.client.list_companies()
        await _put(job, stream, first, asked_at)
        if first.items and first.total is not None:
            pages = range(2, -(-first.total // first.size) + 1)
            await asyncio.gather(*(_one_page(job, stream, number) for number in pages))
        elif first.cursor is not None:
            await _follow_list(job, stream)
    except (NotFoundThere, RequestRefused):
        return False
    return False


async def _follow_list(job: Job, stream: Stream) -> None:
    asked_at = job.now()
    async for page in follow(
        lambda cursor: job.client.list_companies(page=int(cursor or 2)), cursor="2"
    ):
        await _put(job, stream, page, asked_at)
        asked_at = job.now()


async def _one_page(job: Job, stream: Stream, number: int) -> None:
    asked_at = job.now()
    await _put(job, stream, await job.client.list_companies(page=number), asked_at)


async def _put(job: Job, stream: Stream, page: Page[Company], asked_at: datetime) -> None:
    if page.total is not None:
        job.progress.expect(PHASE, page.total)
    if page.size:
        await stream.put(
            Piece(
                PHASE,
                "company",
                asked_at,
                size=page.size,
                companies=page.items,
                unreadable=page.unreadable,
            )
        )
