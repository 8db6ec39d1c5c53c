"""Work done side by side: loaded ahead, so many at once, what is done settled behind.

No place is empty while there is work: the next pieces are loaded while others are under way, and a
place is free as soon as its piece is done, whenever that is settled.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

AHEAD: Final = 200
_ENOUGH: Final = 100
_MOST: Final = 400
_LOOK_EVERY_SECS: Final = 0.5

T = TypeVar("T")
R = TypeVar("R")


@dataclass(kw_only=True)
class SideBySide(Generic[T, R]):
    """Does each piece once, `places` at a time; `do` gives `None` for one that is not to be done.

    `settle` is given what is done, within a second or so: many at a time, since that is cheaper.
    It is called twice a second at least, with nothing too, so that it may look whether to go on.
    """

    do: Callable[[T], Awaitable[R | None]]
    settle: Callable[[list[R]], Awaitable[None]]
    places: int
    _ahead: "asyncio.Queue[T | None]" = field(default_factory=lambda: asyncio.Queue(AHEAD))
    _done: list[R] = field(default_factory=list)
    _enough: asyncio.Event = field(default_factory=asyncio.Event)
    _count: int = 0

    async def run(self, work: AsyncIterator[T]) -> int:
        """Do all the work there is; returns how many pieces were done."""
        async with asyncio.TaskGroup() as group:
            doing = group.create_task(self._do_all())
            group.create_task(self._settle_behind(doing))
            group.create_task(self._load(work))
        return self._count

    async def _load(self, work: AsyncIterator[T]) -> None:
        async for one in work:
            await self._ahead.put(one)
        for _ in range(self.places):
            await self._ahead.put(None)

    async def _do_all(self) -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(self.places):
                group.create_task(self._do_one_after_the_other())
        self._enough.set()

    async def _do_one_after_the_other(self) -> None:
        while (one := await self._ahead.get()) is not None:
            result = await self.do(one)
            if result is not None:
                self._done.append(result)
                self._count += 1
                if len(self._done) >= _ENOUGH:
                    self._enough.set()

    async def _settle_behind(self, doing: "asyncio.Task[None]") -> None:
        """A handful waits for more once, not twice."""
        has_waited = False
        while not doing.done():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._enough.wait(), _LOOK_EVERY_SECS)
            is_due = self._enough.is_set() or has_waited
            has_waited = not is_due
            self._enough.clear()
            await self._settle(_MOST if is_due else 0)
        while self._done:
            await self._settle(_MOST)

    async def _settle(self, most: int) -> None:
        some, self._done[:most] = self._done[:most], []
        await self.settle(some)
