"""A simulated workspace that stands still, an organization, and ways to connect and import."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from django.conf import LazySettings

from intercom_sim.clock import ManualClock
from intercom_sim.generator.build import Size, generate
from intercom_sim.server import Running, run_in_thread
from intercom_sim.workspace import Workspace
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Organization, Role
from pulsescore.connectors.intercom import actions
from pulsescore.connectors.intercom.api.limits import Timing
from pulsescore.connectors.intercom.api.retry import Patience
from pulsescore.connectors.intercom.inbound.run import execute
from pulsescore.connectors.intercom.inbound.separately import Separately
from pulsescore.connectors.intercom.models import Connection, RunStatus, SyncRun
from pulsescore.connectors.intercom.runs import request_run

PRESENT = 1_790_000_000
TOKEN = "demo-token"


@dataclass
class Present:
    """The one clock of a test: the simulator's and the product's, moved together."""

    clock: ManualClock = field(default_factory=lambda: ManualClock(PRESENT))

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock.time(), UTC)

    def pass_secs(self, secs: float) -> None:
        self.clock.advance(secs)

    def timing(self) -> Timing:
        async def sleep(secs: float) -> None:
            self.pass_secs(secs)
            await asyncio.sleep(0)

        return Timing(clock=lambda: float(self.clock.time()), sleep=sleep, jitter=lambda: 0.5)


@pytest.fixture
def present() -> Present:
    return Present()


@pytest.fixture
def size() -> Size:
    """How large the workspace is; tests override it."""
    return Size(60)


@pytest.fixture
def workspace(present: Present, size: Size) -> Workspace:
    return generate(size, clock=present.clock)


@pytest.fixture
def sim(workspace: Workspace, settings: LazySettings) -> Iterator[Running]:
    with run_in_thread(workspace) as running:
        settings.CONFIG = replace(
            settings.CONFIG,
            intercom_api_url=running.url,
            intercom_oauth_url=running.url,
            intercom_client_id="demo-client",
            intercom_client_secret="demo-secret",
        )
        yield running


@pytest.fixture
def organization(db: None) -> Organization:
    return Organization.objects.create(name="Acme")


@pytest.fixture
def admin(organization: Organization) -> Actor:
    return Actor(user=None, org_id=organization.pk, role=Role.ADMIN, via="command")


@pytest.fixture
def connection(sim: Running, admin: Actor, present: Present) -> Connection:
    """Connected, with its first sync waiting."""
    return actions.connect_with_token(admin, access_token=TOKEN, now=present.now())


Sync = Callable[..., SyncRun]


@pytest.fixture
def sync(transactional_db: None, connection: Connection, present: Present) -> Sync:
    """Executes a run of that kind and gives it back as it ended."""

    def run(
        kind: str = "full",
        *,
        tries: int = 6,
        accepts_losses: bool = False,
        on_changed: Callable[[int], None] = lambda _org_id: None,
        separately: Callable[[], Separately] = Separately,
        connection: Connection = connection,
    ) -> SyncRun:
        requested = request_run(
            connection,
            kind=kind,
            trigger="test",
            now=present.now(),
            accepts_losses=accepts_losses,
        )
        asyncio.run(
            execute(
                requested.pk,
                now=present.now,
                on_changed=on_changed,
                timing=present.timing(),
                patience=Patience(tries=tries),
                separately=separately,
            )
        )
        requested.refresh_from_db()
        connection.refresh_from_db()
        return requested

    return run


def succeeded(run: SyncRun) -> bool:
    return run.status == RunStatus.SUCCEEDED
