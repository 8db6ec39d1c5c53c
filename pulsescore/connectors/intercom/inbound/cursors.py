"""Many cursors at once: windows are taken one after the other by as many readers as allowed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from pulsescore.connectors.intercom.api.errors import NotFoundThere, RequestRefused
from pulsescore.connectors.intercom.api.pages import Page
from pulsescore.connectors.intercom.inbound.checkpoints import OpenWindow
from pulsescore.connectors.intercom.inbound.pieces import Checkpoint, Piece

T = TypeVar("T")
_MOST_RESTARTS = 3


@dataclass(frozen=True)
class WindowReader(Generic[T]):
    """How the windows of a phase are read.

    `fetch` gives a page of a window, `pack` makes a piece of it and tells how many of its records
    belong to the window, given when it was asked for, and `put` hands it on.
    """

    fetch: Callable[[OpenWindow, str | None], Awaitable[Page[T]]]
    pack: Callable[[OpenWindow, Page[T], datetime], Awaitable[tuple[Piece, int]]]
    put: Callable[[Piece, Checkpoint], Awaitable[None]]
    now: Callable[[], datetime]

    async def read(self, window: OpenWindow) -> None:
        """Read a window from its checkpoint to its end; a refused cursor starts it again."""
        restarts = 0
        cursor, read = window.cursor or None, window.read
        passed: set[str] = set()
        while True:
            asked_at = self.now()
            try:
                page = await self.fetch(window, cursor)
            except (RequestRefused, NotFoundThere):
                restarts += 1
                if cursor is None or restarts > _MOST_RESTARTS:
                    raise
                cursor, read = None, 0
                passed.clear()
                continue
            following = _next(page, passed)
            piece, belonging = await self.pack(window, page, asked_at)
            read += belonging
            checkpoint = Checkpoint(
                window_id=window.id,
                cursor=following or "",
                read=read,
                finished=following is None,
            )
            await self.put(piece, checkpoint)
            if following is None:
                return
            cursor = following


def _next(page: Page[T], passed: set[str]) -> str | None:
    """The next cursor, unless it would lead in a circle or on from an empty page."""
    if page.cursor is None or not page.size or page.cursor in passed:
        return None
    passed.add(page.cursor)
    return page.cursor


async def read_all(work: AsyncIterator[Callable[[], Awaitable[None]]], *, readers: int) -> None:
    """Do pieces of work as they come, at most that many at once; the first error ends all."""
    turn = asyncio.Lock()

    async def reader() -> None:
        while True:
            async with turn:
                job = await anext(work, None)
            if job is None:
                return
            await job()

    async with asyncio.TaskGroup() as group:
        for _ in range(readers):
            group.create_task(reader())
