"""Many waiting requests, one commit: what arrives while a statement runs goes into the next one.

Each caller continues only when its own rows are durable. A failure is told to every caller of the
group, so that they are sent again.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Generic, TypeVar

RowT = TypeVar("RowT")

_MOST_ROWS: Final = 500
_MOST_BYTES: Final = 16 * 1024 * 1024


class GroupCommit(Generic[RowT]):
    """Collects rows and writes them in groups, at most `writers` groups at a time.

    `size` tells the bytes of a row, so that no group becomes too large.
    """

    def __init__(
        self,
        write: Callable[[Sequence[RowT]], Awaitable[None]],
        *,
        writers: int,
        size: Callable[[RowT], int],
    ) -> None:
        self._write = write
        self._size = size
        self._writers = writers
        self._waiting: deque[tuple[list[RowT], asyncio.Future[None]]] = deque()
        # Counted by the writers themselves: a task that has ended is known to be done only later,
        # and a caller that relied on it would wait for ever.
        self._writing = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def store(self, rows: list[RowT]) -> None:
        """Return when these rows are committed; raises what the database said."""
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((rows, stored))
        if self._writing < self._writers:
            self._writing += 1
            task = asyncio.create_task(self._write_groups())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        await stored

    async def drain(self) -> None:
        """Wait until nothing is being written."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _write_groups(self) -> None:
        try:
            while self._waiting:
                await self._write_group()
        finally:
            self._writing -= 1

    async def _write_group(self) -> None:
        rows, futures = self._take_group()
        try:
            await self._write(rows)
        except Exception as fault:  # noqa: BLE001 - told to each caller, who answers 503
            _settle(futures, fault)
        else:
            _settle(futures, None)

    def _take_group(self) -> tuple[list[RowT], list["asyncio.Future[None]"]]:
        group: list[RowT] = []
        futures: list[asyncio.Future[None]] = []
        size = 0
        while self._waiting and len(group) < _MOST_ROWS and size < _MOST_BYTES:
            rows, stored = self._waiting.popleft()
            group.extend(rows)
            futures.append(stored)
            size += sum(map(self._size, rows))
        return group, futures


def _settle(futures: list["asyncio.Future[None]"], fault: Exception | None) -> None:
    for stored in futures:
        if stored.done():
            continue
        if fault is None:
            stored.set_result(None)
        else:
            stored.set_exception(fault)
