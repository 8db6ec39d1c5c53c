"""Our side of a case: an organization connected to a simulated workspace, and what it can do.

Everything runs as the product runs it, but for the clock, the network and the crashes, which a
case decides.
"""

import asyncio
import itertools
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from django.db import connection as database

from intercom_sim.clock import ManualClock
from intercom_sim.generator.build import Size, generate
from intercom_sim.simulator import Simulator
from intercom_sim.workspace import Identity, Workspace
from pulsescore.accounts.models import Organization
from pulsescore.connectors.intercom.api.limits import Timing
from pulsescore.connectors.intercom.api.retry import IMPATIENT, Patience
from pulsescore.connectors.intercom.clients import client_for
from pulsescore.connectors.intercom.inbound.run import execute
from pulsescore.connectors.intercom.inbox.accept import accept
from pulsescore.connectors.intercom.inbox.drain import drain
from pulsescore.connectors.intercom.models import Connection, ConnectionStatus, SyncRun
from pulsescore.connectors.intercom.runs import request_run
from pulsescore.connectors.intercom.secrets import seal_token, seal_webhook_secret
from pulsescore.pipeline.work import rescore_pending
from pulsescore.scoring import actions as scoring
from pulsescore.store.sources import create_source
from tests.convergence import instant_loop
from tests.convergence.courier import Courier, Mail
from tests.convergence.crash import Reaper, is_killed
from tests.convergence.facts import TIMELESS
from tests.convergence.faulty_wire import FaultyWire

PRESENT = 1_790_000_000
SECRET = "own-webhook-secret"
_NUMBERS = itertools.count(1)


@dataclass
class Product:
    """The product at work on one workspace. `reaper` kills its processes."""

    reaper: Reaper
    generation: str = "current"
    clock: ManualClock = field(default_factory=lambda: ManualClock(PRESENT))

    def __post_init__(self) -> None:
        # Cases do not clean up after themselves; each has a workspace of its own name.
        identity = Identity(app_id=f"sim{next(_NUMBERS):05}")
        self.simulator = Simulator(generate(Size(0), clock=self.clock, identity=identity))
        self.workspace = _bare(self.simulator.workspace)
        self.courier = Courier(self.workspace, generation=self.generation, secret=SECRET)
        self.connection = _connect(self.workspace.identity.app_id, now=self.now())
        self._other = ThreadPoolExecutor(max_workers=1)
        self._busy = False
        self.lost: list[Mail] = []

    def close(self) -> None:
        """Let go of the threads that stood for processes."""
        self._other.submit(close_database).result()
        self._other.shutdown()

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock.time(), UTC)

    def sync(
        self,
        kind: str,
        *,
        faults: Mapping[int, str] | None = None,
        meanwhile: Mapping[int, Callable[[], None]] | None = None,
        dies_after: int | None = None,
    ) -> SyncRun:
        """Execute a run; what `meanwhile` names happens before requests of those numbers."""
        todo = dict(meanwhile or {})

        def happen(number: int) -> None:
            if number in todo:
                todo.pop(number)()

        wire = FaultyWire(self.simulator, faults=faults or {}, meanwhile=happen)
        run = request_run(self.connection, kind=kind, trigger="test", now=self.now())
        work = execute(
            run.pk,
            now=self.now,
            on_changed=lambda _org_id: None,
            timing=self._timing(),
            patience=Patience(tries=4),
            wire=wire,
        )
        self._until_killed(lambda: instant_loop.run(work), dies_after)
        run.refresh_from_db()
        return run

    def deliver(self, mails: Sequence[Mail], *, dies_after: int | None = None) -> None:
        """Let notifications in, each on its own; those that were not acknowledged wait again."""
        left = list(mails)

        def let_in() -> None:
            while left:
                headers, body = left[0]
                answer = accept(headers, body, now=self.now())
                if answer.status != HTTPStatus.OK:
                    raise AssertionError(f"a notification was answered {answer.status}")
                left.pop(0)

        try:
            self._until_killed(lambda: self._elsewhere(let_in), dies_after)
        finally:
            self.courier.put_back(left)

    def drain(
        self, *, faults: Mapping[int, str] | None = None, dies_after: int | None = None
    ) -> None:
        """Work on what was let in, and read again what it told too little of."""
        wire = FaultyWire(self.simulator, faults=faults or {}, meanwhile=lambda _number: None)
        work = drain(
            self.connection.pk,
            now=self.now,
            client_factory=lambda connection: client_for(
                connection, patience=IMPATIENT, timing=self._timing(), wire=wire
            ),
        )
        self._until_killed(lambda: self._elsewhere(lambda: instant_loop.run(work)), dies_after)

    def rescore(self, *, dies_after: int | None = None) -> None:
        """Score those who are marked."""
        org, now = self.connection.org_id, self.now()
        self._until_killed(
            lambda: self._elsewhere(lambda: rescore_pending(org, now=now)), dies_after
        )

    def rescore_everybody(self) -> None:
        """What happens each night."""
        org, now = self.connection.org_id, self.now()
        self._elsewhere(lambda: scoring.rescore(org_id=org, customer_ids=None, now=now))

    def _elsewhere(self, work: Callable[[], Any]) -> None:
        self._other.submit(work).result()

    def _until_killed(self, work: Callable[[], Any], dies_after: int | None) -> None:
        """What happens while something else is under way dies with it, as in a power cut."""
        if self._busy:
            work()
            return
        self.reaper.left, self._busy = dies_after, True
        try:
            work()
        except BaseException as error:
            if not is_killed(error):
                raise
        finally:
            self.reaper.spare()
            self._busy = False

    def _timing(self) -> Timing:
        async def sleep(secs: float) -> None:
            self.clock.advance(secs)
            await asyncio.sleep(0)

        return Timing(clock=self.clock.time, sleep=sleep, jitter=lambda: 0.5)


def close_database() -> None:
    """Close the connection of the thread in which this runs."""
    database.close()


def _bare(workspace: Workspace) -> Workspace:
    """Without tags that nobody bears and segments that time moves: they are read in every run."""
    workspace.tags.clear()
    for key, one in list(workspace.segments.items()):
        if one.name not in TIMELESS:
            del workspace.segments[key]
    return workspace


def _connect(workspace_id: str, *, now: datetime) -> Connection:
    organization = Organization.objects.create(name="Acme")
    connection = Connection(
        org_id=organization.pk,
        source=create_source(organization.pk, "intercom"),
        workspace_id=workspace_id,
        workspace_time_zone="America/New_York",
        status=ConnectionStatus.CONNECTED,
        connected_at=now,
    )
    connection.save(force_insert=True)
    seal_token(connection, "demo-token")
    seal_webhook_secret(connection, SECRET, now=now - timedelta(days=2))
    connection.save()
    return connection
