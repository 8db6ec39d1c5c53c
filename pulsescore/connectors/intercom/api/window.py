"""What is left of Intercom's present ten seconds, as the headers of its answers tell. Pure."""

from collections.abc import Mapping
from math import floor

WINDOW_SECS = 10.0


class Window:
    """The rate limit's present window.

    `share_left` of its limit is never taken: it stays for callers in more of a hurry. Times are
    in unix seconds.
    """

    def __init__(self, *, share_left: float) -> None:
        self._share_left = share_left
        self._limit: int | None = None
        self._left: int | None = None
        self._told_reset = 0.0
        self.resets_at = 0.0

    def note(self, headers: Mapping[str, str], *, now: float, under_way: int) -> None:
        """Learn from an answer, while that many other requests are without one.

        They are taken for not counted yet, so that what is left is never thought too large.
        """
        remaining = number(headers.get("X-RateLimit-Remaining"))
        reset = number(headers.get("X-RateLimit-Reset"))
        if remaining is None or reset is None or reset < self._told_reset or reset <= now:
            return
        left = int(remaining) - under_way
        is_new = reset > self._told_reset
        self._left = left if is_new or self._left is None else min(self._left, left)
        self._told_reset = self.resets_at = reset
        limit = number(headers.get("X-RateLimit-Limit"))
        if limit is not None:
            self._limit = int(limit)

    def take(self) -> None:
        """One more request is sent."""
        if self._left is not None:
            self._left -= 1

    def room(self, *, now: float, under_way: int) -> int | None:
        """How many more requests may be sent in this window; None where nothing is known."""
        if self._left is not None and now >= self.resets_at:
            self._turn(now=now, under_way=under_way)
        if self._left is None:
            return None
        return self._left - int((self._limit or 0) * self._share_left)

    def _turn(self, *, now: float, under_way: int) -> None:
        """A new window has begun; until an answer tells more, it is like the one before."""
        self._left = None if self._limit is None else self._limit - under_way
        passed = floor((now - self.resets_at) / WINDOW_SECS) + 1
        self.resets_at += passed * WINDOW_SECS


def number(text: str | None) -> float | None:
    """The number in a header; None where there is none."""
    try:
        return float(text) if text else None
    except ValueError:
        return None
