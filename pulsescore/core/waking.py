"""Telling the worker that there is something to do, at most a few times a second."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

Wake = Callable[[frozenset[int]], Awaitable[None]]

_QUIET_SECS: Final = 0.2

logger = structlog.get_logger(__name__)


class Waker:
    """Calls `wake` at once, then gathers for a moment; a failing call is only logged.

    A wake-up that gets lost costs a minute: the schedule looks for what waits, too.
    """

    def __init__(self, wake: Wake, *, quiet_secs: float = _QUIET_SECS) -> None:
        self._wake = wake
        self._quiet_secs = quiet_secs
        self._due: set[int] = set()
        self._task: asyncio.Task[None] | None = None

    def note(self, ids: set[int]) -> None:
        """These have something waiting. Returns at once."""
        self._due |= ids
        if self._due and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._run())

    async def aclose(self) -> None:
        """Tell what is still to be told."""
        if self._task is not None:
            self._quiet_secs = 0
            await self._task

    async def _run(self) -> None:
        while self._due:
            due, self._due = frozenset(self._due), set()
            try:
                await self._wake(due)
            except Exception as fault:  # noqa: BLE001 - the answer must not depend on it
                logger.warning("waking_the_worker_failed", fault=type(fault).__name__)
            await asyncio.sleep(self._quiet_secs)
