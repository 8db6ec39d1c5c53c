"""Where the simulator reads the time, so that tests can stand still or jump."""

import time
from typing import Protocol


class Clock(Protocol):
    """Anything that tells the present as unix seconds."""

    def time(self) -> float: ...


class SystemClock:
    """The machine's clock, shifted so that a workspace can live in another present."""

    def __init__(self, *, starts_at: float | None = None) -> None:
        self._shift = 0.0 if starts_at is None else starts_at - time.time()

    def time(self) -> float:
        return time.time() + self._shift


class ManualClock:
    """A clock that moves only when told to."""

    def __init__(self, now: float) -> None:
        self._now = now

    def time(self) -> float:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += seconds
