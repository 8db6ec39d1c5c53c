"""What the lean endpoints in front of Django share: reading a body within limits, and a pool."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

Scope = dict[str, Any]
Receive = Callable[[], Any]
Send = Callable[[dict[str, Any]], Any]

_READ_AWAY: Final = 8
_READERS: Final = 2


class LazyPool:
    """Connections that commit by themselves, opened when the first request needs one.

    `writers` are those that store; two more look up meanwhile. Who waits longer than
    `patience_secs` gets `psycopg_pool.PoolTimeout`.
    """

    def __init__(
        self, conninfo: Callable[[], str], *, writers: int, patience_secs: float = 4.0
    ) -> None:
        self._conninfo = conninfo
        self._most = writers + _READERS
        self._patience_secs = patience_secs
        self._pool: AsyncConnectionPool | None = None
        self._opening = asyncio.Lock()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection[Any]]:
        """One connection, for one statement or two."""
        pool = await self._opened()
        async with pool.connection() as session:
            yield session

    async def aclose(self) -> None:
        """Let the connections go; the next request would open others."""
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    async def _opened(self) -> AsyncConnectionPool:
        async with self._opening:
            if self._pool is None:
                pool = AsyncConnectionPool(
                    self._conninfo(),
                    min_size=1,
                    max_size=self._most,
                    timeout=self._patience_secs,
                    kwargs={"autocommit": True},
                    open=False,
                )
                await pool.open()
                self._pool = pool
            return self._pool


async def read_body(receive: Receive, *, limit: int) -> bytes | None:
    """The body, or nothing if it is larger than `limit` bytes.

    A larger one is read away, up to eight times as much, so that the sender reads the 413.
    """
    pieces: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        piece = message.get("body", b"")
        size += len(piece)
        if size <= limit:
            pieces.append(piece)
        ends = message["type"] == "http.disconnect" or not message.get("more_body")
        if ends or size > _READ_AWAY * limit:
            return b"".join(pieces) if size <= limit else None
