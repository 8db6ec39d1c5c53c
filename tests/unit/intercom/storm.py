"""Clients against the simulator's rate limiter, on a loop where ten minutes take a second."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from multidict import CIMultiDict

from intercom_sim.generator.build import Size, generate
from intercom_sim.inprocess import answer
from intercom_sim.simulator import Settings, Simulator
from pulsescore.connectors.intercom.api.limits import Timing
from pulsescore.connectors.intercom.api.retry import Patience
from pulsescore.connectors.intercom.api.session import Session
from pulsescore.connectors.intercom.api.wire import Answer, Params

BEGAN = 1_800_000_000
LATENCY = 0.15


class LoopClock:
    """The loop's time, as unix seconds."""

    def time(self) -> float:
        return BEGAN + asyncio.get_running_loop().time()


@dataclass(frozen=True)
class Sent:
    """One request; times are seconds since the storm's story began."""

    client: str
    sent_at: float
    answered_at: float
    status: int

    @property
    def is_refused(self) -> bool:
        return self.status == 429

    @property
    def window(self) -> int:
        """The ten seconds in which the server looked at it."""
        return int(self.sent_at + LATENCY / 2) // 10


@dataclass
class World:
    """The simulator, what it was asked, and how slow it is."""

    per_minute: int
    latency: float = LATENCY
    clock: LoopClock = field(default_factory=LoopClock)
    sent: list[Sent] = field(default_factory=list)
    dice: random.Random = field(default_factory=lambda: random.Random(5))

    def __post_init__(self) -> None:
        self._windows: dict[int, list[Sent]] = defaultdict(list)
        workspace = generate(Size(0), clock=self.clock)
        self.simulator = Simulator(workspace, Settings(rate_limit=self.per_minute))

    def now(self) -> float:
        return self.clock.time() - BEGAN

    def session(self, name: str, *, share_left: float = 0.1) -> Session:
        """A client as the product makes it, but for clock and network."""
        timing = Timing(clock=self.clock.time, sleep=asyncio.sleep, jitter=self.dice.random)
        return Session(
            base_url="",
            token="demo-token",
            writable=False,
            patience=Patience(share_left=share_left),
            timing=timing,
            wire=_Wire(self, name),
        )

    def others_take(self, count: int) -> None:
        """Another app of the same workspace uses so much of the window."""
        for _ in range(count):
            self.simulator.limiter.take(now=self.clock.time())

    def note(self, one: Sent) -> None:
        self.sent.append(one)
        self._windows[one.window].append(one)

    def of_window(self, number: int, client: str = "") -> list[Sent]:
        return [one for one in self._windows[number] if client in one.client]


class _Wire:
    def __init__(self, world: World, name: str) -> None:
        self._world, self._name = world, name
        self._headers: Mapping[str, str] = {}

    async def open(self, headers: Mapping[str, str]) -> None:
        self._headers = headers

    async def close(self) -> None:
        return

    async def send(
        self, method: str, path: str, *, params: Params | None, body: bytes | None
    ) -> Answer:
        world, sent_at = self._world, self._world.now()
        await asyncio.sleep(world.latency / 2)
        reply = answer(world.simulator, method, path, query={}, headers=self._headers)
        await asyncio.sleep(world.latency / 2)
        world.note(Sent(self._name, sent_at, world.now(), reply.status))
        return Answer(reply.status, CIMultiDict(reply.headers), reply.body)


async def read_on(session: Session, world: World, *, until: float, pause: float = 0) -> None:
    """Ask again and again, as a cursor does, or once in a while, as people do."""
    while world.now() < until:
        await session.request("GET", "/tags", read=bytes)
        if pause:
            await asyncio.sleep(pause)
