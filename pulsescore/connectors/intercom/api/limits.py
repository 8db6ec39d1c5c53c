"""How many requests may be under way: told by Intercom's rate-limit headers, adapted on 429."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

_WINDOW_SECS = 10.0
_GROW_AFTER = 20


@dataclass(frozen=True)
class Timing:
    """Clock (unix seconds), sleep and jitter (0 to 1), so that tests can turn time by hand."""

    clock: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    jitter: Callable[[], float] = random.random


class Budget:
    """The share of Intercom's rate limit that one client may use.

    At most `most` requests are in flight; a 429 halves that and waits for the reset, calm lets it
    grow back. `reserve` requests of each window are left to others (webhooks, people).
    """

    def __init__(self, *, most: int, timing: Timing, reserve: int = 5) -> None:
        self._most = most
        self._timing = timing
        self._reserve = reserve
        self._allowed = most
        self._in_flight = 0
        self._remaining: int | None = None
        self._reset = 0.0
        self._paused_until = 0.0
        self._calm = 0
        self._freed = asyncio.Condition()

    @property
    def allowed(self) -> int:
        """How many requests may be in flight at present."""
        return self._allowed

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Wait for leave to send one request, and hold it until the answer is read."""
        await self._enter()
        try:
            yield
        finally:
            async with self._freed:
                self._in_flight -= 1
                self._freed.notify()

    def learn(self, headers: Mapping[str, str]) -> None:
        """Take note of an answer that was not a 429."""
        self._note_window(headers)
        self._calm += 1
        if self._calm >= _GROW_AFTER and self._allowed < self._most:
            self._calm = 0
            self._allowed += 1

    def refused(self, headers: Mapping[str, str]) -> float:
        """Take note of a 429; returns when to try again (unix seconds)."""
        self._note_window(headers)
        now = self._timing.clock()
        until = max(now + _retry_after(headers), self._reset)
        if until <= now:
            until = now + _WINDOW_SECS
        if now >= self._paused_until:
            self._allowed = max(1, self._allowed // 2)
        self._calm = 0
        self._paused_until = max(self._paused_until, until + self._timing.jitter())
        return self._paused_until

    async def _enter(self) -> None:
        while True:
            async with self._freed:
                await self._freed.wait_for(lambda: self._in_flight < self._allowed)
                wait = self._wait_secs()
                if wait <= 0:
                    self._in_flight += 1
                    if self._remaining is not None:
                        self._remaining -= 1
                    return
            await self._timing.sleep(wait)
            async with self._freed:
                self._freed.notify_all()

    def _wait_secs(self) -> float:
        now = self._timing.clock()
        if now < self._paused_until:
            return self._paused_until - now
        if self._remaining is None or self._remaining > self._reserve:
            return 0.0
        if now >= self._reset:
            self._remaining = None
            return 0.0
        return self._reset - now + self._timing.jitter() / 4

    def _note_window(self, headers: Mapping[str, str]) -> None:
        remaining = _number(headers.get("X-RateLimit-Remaining"))
        reset = _number(headers.get("X-RateLimit-Reset"))
        if remaining is None or reset is None or reset < self._reset:
            return
        left = int(remaining)
        if reset > self._reset or self._remaining is None:
            self._reset = reset
            self._remaining = left - self._in_flight + 1
        else:
            self._remaining = min(self._remaining, left)
        limit = _number(headers.get("X-RateLimit-Limit"))
        if limit is not None and self._reserve * 10 > limit:
            self._reserve = int(limit) // 10


def _retry_after(headers: Mapping[str, str]) -> float:
    return max(_number(headers.get("Retry-After")) or 0.0, 0.0)


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
