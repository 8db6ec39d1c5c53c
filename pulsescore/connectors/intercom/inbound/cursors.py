"""Many cursors at once: windows are taken one after the other by as many readers as allowed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

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
    belong to the window, given when it was asked for, and `put` hands on the piece with its
    checkpoint.
    """

    fetch: Callable[[OpenWindow, str | None], Awaitable[Page[T]]]
    pack: Callable[[OpenWindow, Page[T], datetime], Awaitable[tuple[Piece, int]]]
    put: Callable[[Piece], Awaitable[None]]
    now: Callable[[], datetime]

    async def read(self, window: OpenWindow) -> None:
        """Read a window from its checkpoint to its end; a refused cursor starts it again.

        A page is packed and handed on while the next one is fetched, but always in order: a
        checkpoint must not overtake the records before it.
        """
        walk = _Walk(cursor=window.cursor or None, read=window.read)
        try:
            while not walk.ended:
                asked_at = self.now()
                try:
                    page = await self.fetch(window, walk.cursor)
                except (RequestRefused, NotFoundThere):
                    if not walk.may_restart():
                        raise
                    await walk.delivered()
                    walk.restart()
                    continue
                await walk.delivered()
                walk.advance(page)
                walk.delivering = asyncio.create_task(self._deliver(window, walk, page, asked_at))
            await walk.delivered()
        finally:
            walk.abandon()

    async def _deliver(
        self, window: OpenWindow, walk: "_Walk", page: Page[T], asked_at: datetime
    ) -> None:
        cursor, finished = walk.cursor, walk.ended
        piece, belonging = await self.pack(window, page, asked_at)
        walk.read += belonging
        checkpoint = Checkpoint(
            window_id=window.id, cursor=cursor or "", read=walk.read, finished=finished
        )
        await self.put(replace(piece, checkpoint=checkpoint))


@dataclass
class _Walk:
    """Where a reader is in its window, and the page it is still handing on."""

    cursor: str | None
    read: int
    ended: bool = False
    restarts: int = 0
    passed: set[str] = field(default_factory=set)
    delivering: asyncio.Task[None] | None = None

    def advance(self, page: Page[Any]) -> None:
        """Go on to the next page, unless there is none or the cursor leads in a circle."""
        following = page.cursor if page.size else None
        if following is None or following in self.passed:
            self.cursor, self.ended = None, True
            return
        self.passed.add(following)
        self.cursor = following

    def may_restart(self) -> bool:
        """Whether a refusal can be the cursor's fault."""
        return self.cursor is not None and self.restarts < _MOST_RESTARTS

    def restart(self) -> None:
        """Begin the window again."""
        self.restarts += 1
        self.cursor, self.read = None, 0
        self.passed.clear()

    async def delivered(self) -> None:
        """Wait until the page before is handed on."""
        if self.delivering is not None:
            task, self.delivering = self.delivering, None
            await task

    def abandon(self) -> None:
        """Let go of a page that nobody will wait for."""
        if self.delivering is not None:
            self.delivering.cancel()


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
