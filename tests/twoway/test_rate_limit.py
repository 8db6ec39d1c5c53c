"""An import and sending run side by side: together they stay within Intercom's rate limit."""

import asyncio
from collections import Counter
from collections.abc import Mapping

from intercom_sim.clock import ManualClock
from intercom_sim.limits import WINDOW_SECS, RateLimiter
from intercom_sim.simulator import Simulator
from pulsescore.connectors.intercom.api.limits import Timing
from pulsescore.connectors.intercom.api.retry import Patience
from pulsescore.connectors.intercom.api.wire import Answer, Params
from pulsescore.connectors.intercom.clients import client_for
from pulsescore.connectors.intercom.inbound.run import execute
from pulsescore.connectors.intercom.outbound.sending import send_due
from pulsescore.connectors.intercom.runs import request_run
from tests.convergence import instant_loop
from tests.convergence.crash import Reaper
from tests.convergence.faulty_wire import FaultyWire
from tests.twoway.world import World

PEOPLE, LIMIT, LATENCY_SECS = 60, 30, 0.15


class LoopTime:
    """The simulator's clock goes with the time of an event loop that never waits."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock, self._began = clock, clock.time()

    def __call__(self) -> float:
        reached = self._began + asyncio.get_running_loop().time()
        self._clock.advance(max(0.0, reached - self._clock.time()))
        return self._clock.time()


class SlowWire(FaultyWire):
    """Takes a while, and notes when requests arrive and whether they were too many."""

    def __init__(self, simulator: Simulator, time: LoopTime) -> None:
        super().__init__(simulator, faults={}, meanwhile=lambda _number: None)
        self._time = time
        self.arrived: list[float] = []
        self.refused = 0

    async def send(
        self, method: str, path: str, *, params: Params | None, body: bytes | None
    ) -> Answer:
        await asyncio.sleep(LATENCY_SECS)
        self.arrived.append(self._time())
        answer = await super().send(method, path, params=params, body=body)
        self.refused += answer.status == 429
        return answer


def per_window(*wires: SlowWire) -> Mapping[int, int]:
    return Counter(int(at) // WINDOW_SECS for wire in wires for at in wire.arrived)


def test_import_and_sending_together_exceed_no_window(reaper: Reaper) -> None:
    world = World(reaper)
    for number in range(PEOPLE):
        world.meet(f"person{number}")
    world.sync("full")
    world.judge()
    world.simulator.limiter = RateLimiter(LIMIT * 60 // WINDOW_SECS)
    time = LoopTime(world.clock)
    reading, writing = (SlowWire(world.simulator, time) for _ in range(2))
    timing = Timing(clock=time, sleep=asyncio.sleep, jitter=lambda: 0.5)

    run = request_run(world.connection, kind="full", trigger="test", now=world.now())

    async def both() -> None:
        importing = execute(
            run.pk,
            now=world.now,
            on_changed=lambda _org_id: None,
            timing=timing,
            patience=Patience(),
            wire=reading,
        )
        sending = send_due(
            world.connection.pk,
            now=world.now,
            client_factory=lambda connection: client_for(
                connection, timing=timing, patience=Patience(), wire=writing
            ),
        )
        await asyncio.gather(importing, sending)

    instant_loop.run(both())
    world.close()
    told = per_window(reading, writing)
    assert all(world.tags_of(name) == ["Reachable"] for name in world.people)
    assert len(reading.arrived) > 5
    assert max(told.values()) <= LIMIT
    assert reading.refused + writing.refused == 0
    # Little of the limit is left unused while there is something to send.
    busiest = sorted(told.values())[-3:]
    assert sum(busiest) >= 0.8 * LIMIT * len(busiest)
