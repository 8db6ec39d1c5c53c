"""When the next request may be sent: told by Intercom's rate-limit headers and its answers."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pulsescore.connectors.intercom.api.flow import Flow
from pulsescore.connectors.intercom.api.window import WINDOW_SECS, Window, number

# After a pause, requests come back spread over so many seconds, not as a herd.
_SPREAD_SECS = 1.0
_BEFORE_FIRST_ANSWER = 8
_SHARERS = 4


@dataclass(frozen=True)
class Timing:
    """Clock (unix seconds), sleep and jitter (0 to 1), so that tests can turn time by hand."""

    clock: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    jitter: Callable[[], float] = random.random


class Budget:
    """The part of Intercom's rate limit that one client may use.

    Runs, refetches after notifications and probes, in whatever process, share the limit through
    the headers: each answer tells what all requests of the app have left of the window.

    - Once a window is known, nothing is sent beyond what it has left, less what is under way and
      less `share_left` of its limit: imports leave that to callers for whom somebody waits.
    - The less is left, the less is under way at once, because others draw on the same.
    - After a 429 nothing is sent before the reset; then half as many as before are under way, and
      who waited comes back spread over a second.
    - Slow and failing answers lower the number under way, calm raises it again: see `Flow`.
    """

    def __init__(self, *, most: int, timing: Timing, share_left: float = 0.0) -> None:
        self._timing = timing
        self._flow = Flow(most)
        self._window = Window(share_left=share_left)
        self._in_flight = 0
        self._heard = False
        self._paused_until = 0.0
        self._resumes_at = 0.0
        self._freed = asyncio.Condition()

    @property
    def allowed(self) -> int:
        """How many requests may be in flight at present."""
        return self._flow.allowed

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Wait for leave to send one request, and hold it until the answer is read."""
        await self._enter()
        try:
            yield
        finally:
            async with self._freed:
                self._in_flight -= 1
                self._wake()

    def learn(self, headers: Mapping[str, str], *, secs: float, size: int) -> None:
        """Take note of an answer of `size` bytes that took `secs`; to be told inside its slot."""
        self._note(headers)
        self._flow.answered(secs=secs, size=size)

    def failed(self, headers: Mapping[str, str] | None = None) -> None:
        """Take note that the server failed, or did not answer at all."""
        self._note(headers or {})
        self._flow.failed()

    def refused(self, headers: Mapping[str, str]) -> float:
        """Take note of a 429; returns when this request may try again (unix seconds)."""
        self._note(headers)
        now = self._timing.clock()
        asked = max(number(headers.get("Retry-After")) or 0.0, 0.0)
        until = max(now + asked, self._window.resets_at)
        if until <= now:
            until = now + WINDOW_SECS
        if now >= self._paused_until:
            self._flow.halve()
        self._paused_until = max(self._paused_until, until)
        return self._paused_until + self._timing.jitter() * _SPREAD_SECS

    async def _enter(self) -> None:
        while True:
            async with self._freed:
                await self._freed.wait_for(lambda: self._free() > 0)
                wait = self._wait_secs()
                if wait <= 0:
                    self._in_flight += 1
                    self._window.take()
                    return
            try:
                await self._timing.sleep(wait)
            finally:
                async with self._freed:
                    self._freed.notify_all()

    def _wake(self) -> None:
        """Let in as many as there is room for; all look themselves once nobody will wake them."""
        if self._in_flight:
            self._freed.notify(max(1, self._free()))
        else:
            self._freed.notify_all()

    def _free(self) -> int:
        """How many more may be under way; not whether the window has room for any."""
        most = self._flow.allowed if self._heard else min(self._flow.allowed, _BEFORE_FIRST_ANSWER)
        resumed = (self._timing.clock() - self._resumes_at) / _SPREAD_SECS
        if resumed < 1:
            most = int(most * resumed)
        room = self._room()
        if room is not None and room > 0:
            most = min(most, room // _SHARERS)
        return max(1, most) - self._in_flight

    def _wait_secs(self) -> float:
        now = self._timing.clock()
        until = self._paused_until
        room = self._room()
        if room is not None and room <= 0:
            until = max(until, self._window.resets_at)
        if now >= until:
            return 0.0
        self._resumes_at = until
        return until - now + self._timing.jitter() * _SPREAD_SECS

    def _room(self) -> int | None:
        return self._window.room(now=self._timing.clock(), under_way=self._in_flight)

    def _note(self, headers: Mapping[str, str]) -> None:
        self._heard = True
        others = max(0, self._in_flight - 1)
        self._window.note(headers, now=self._timing.clock(), under_way=others)
