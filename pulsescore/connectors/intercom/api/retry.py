"""Trying again: a pure decision about when, and the loop that branches on the error alone."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from pulsescore.connectors.intercom.api.errors import (
    RateLimited,
    ScrollBusy,
    TransientApiError,
    UnreadableAnswer,
)
from pulsescore.connectors.intercom.api.limits import Timing

T = TypeVar("T")
_UNREADABLE_TRIES = 2


@dataclass(frozen=True)
class Patience:
    """How often a call is tried before its error is passed on. A 429 is waiting, not failing.

    `share_left` of each window of the rate limit is left to callers in more of a hurry.
    """

    tries: int = 6
    rate_limit_tries: int = 60
    scroll_tries: int = 4
    first_wait_secs: float = 0.5
    longest_wait_secs: float = 30.0
    scroll_wait_secs: float = 61.0
    share_left: float = 0.1


# Somebody waits, or a customer just did something: these may use the whole of a window.
IMPATIENT = Patience(
    tries=2, rate_limit_tries=2, scroll_tries=1, first_wait_secs=0.2, share_left=0.0
)
CONNECTING = Patience(tries=2, share_left=0.0)


def wait_secs(
    error: TransientApiError, *, attempt: int, patience: Patience, now: float, jitter: float
) -> float | None:
    """Seconds to wait after failed attempt number `attempt` (from 1), or None to give up.

    `now` is in unix seconds, `jitter` between 0 and 1.
    """
    if attempt >= _tries(error, patience):
        return None
    if error.retry_at is not None:
        return max(0.0, error.retry_at.timestamp() - now)
    if isinstance(error, ScrollBusy):
        return patience.scroll_wait_secs
    step = min(patience.first_wait_secs * 2.0 ** (attempt - 1), patience.longest_wait_secs)
    return step * (0.5 + jitter / 2)


def _tries(error: TransientApiError, patience: Patience) -> int:
    if isinstance(error, RateLimited):
        return patience.rate_limit_tries
    if isinstance(error, ScrollBusy):
        return patience.scroll_tries
    if isinstance(error, UnreadableAnswer):
        return min(_UNREADABLE_TRIES, patience.tries)
    return patience.tries


async def persevere(call: Callable[[], Awaitable[T]], *, patience: Patience, timing: Timing) -> T:
    """Call until it succeeds, fails permanently, or patience ends."""
    attempt = 0
    while True:
        attempt += 1
        try:
            return await call()
        except TransientApiError as error:
            wait = wait_secs(
                error,
                attempt=attempt,
                patience=patience,
                now=timing.clock(),
                jitter=timing.jitter(),
            )
            if wait is None:
                raise
        await timing.sleep(wait)
