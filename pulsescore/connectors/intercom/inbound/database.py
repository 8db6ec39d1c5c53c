"""The one thread of a run that talks to the database, so that reading goes on meanwhile."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Self, TypeVar

from django.db import connection

T = TypeVar("T")


class DatabaseThread:
    """Runs functions one after the other in a thread that keeps one connection."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="intercom-sync")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.run(_close_connection)
        self._executor.shutdown(wait=False)

    async def run(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """The function's result, computed in the thread; a started one is always waited for."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, partial(function, *args, **kwargs))


def _close_connection() -> None:
    """The name stands for another connection in each thread, so it is looked up there."""
    connection.close()
