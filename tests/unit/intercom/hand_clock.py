"""Time that only moves when somebody sleeps."""

from pulsescore.connectors.intercom.api.limits import Timing


class HandClock:
    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now
        self.slept: list[float] = []

    def timing(self) -> Timing:
        return Timing(clock=lambda: self.now, sleep=self._sleep, jitter=lambda: 0.5)

    async def _sleep(self, secs: float) -> None:
        self.slept.append(secs)
        self.now += secs
