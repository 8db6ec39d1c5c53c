"""The request budget: so many a minute, dealt out in windows of ten seconds."""

from dataclasses import dataclass
from typing import Literal, get_args

WINDOW_SECS = 10
Telling = Literal["headers", "retry_after", "nothing"]
TELLINGS: tuple[Telling, ...] = get_args(Telling)


@dataclass(frozen=True)
class Allowance:
    """Where a client stands, and how much of it is told; `resets_at` is in unix seconds."""

    limit: int
    remaining: int
    resets_at: int
    allowed: bool
    tells: Telling
    secs_left: int

    def headers(self) -> dict[str, str]:
        """What an answer tells; `Retry-After` comes with a refusal only."""
        if self.tells == "nothing":
            return {}
        if self.tells == "retry_after":
            return {} if self.allowed else {"Retry-After": str(self.secs_left)}
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(self.resets_at),
        }


class RateLimiter:
    """Counts requests of the app in the present window; `tells` says what answers tell of it."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self.tells: Telling = "headers"
        self._window = 0
        self._used = 0

    @property
    def per_window(self) -> int:
        return max(1, self.per_minute * WINDOW_SECS // 60)

    def take(self, *, now: float) -> Allowance:
        """Use one request of the window's budget, if there is one left."""
        window = int(now) // WINDOW_SECS
        if window != self._window:
            self._window, self._used = window, 0
        allowed = self._used < self.per_window
        self._used += allowed
        resets_at = (window + 1) * WINDOW_SECS
        remaining = max(0, self.per_window - self._used)
        secs_left = resets_at - int(now)
        return Allowance(self.per_window, remaining, resets_at, allowed, self.tells, secs_left)
