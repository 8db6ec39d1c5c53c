"""The request budget: so many a minute, dealt out in windows of ten seconds."""

from dataclasses import dataclass

WINDOW_SECS = 10


@dataclass(frozen=True)
class Allowance:
    """Where a client stands; `resets_at` is in unix seconds."""

    limit: int
    remaining: int
    resets_at: int
    allowed: bool

    def headers(self) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(self.resets_at),
        }


class RateLimiter:
    """Counts requests of the app in the present window."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
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
        return Allowance(self.per_window, self.per_window - self._used, resets_at, allowed)
