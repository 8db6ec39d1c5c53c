"""Workspaces that stand still, and servers over them."""

from collections.abc import Iterator

import pytest

from intercom_sim.clock import ManualClock
from intercom_sim.generator.build import Size, generate
from intercom_sim.server import Running, run_in_thread
from intercom_sim.simulator import Settings
from intercom_sim.workspace import Workspace
from tests.sim.asking import Client, Inbox, listening

NOW = 1_790_000_000


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def workspace(clock: ManualClock) -> Workspace:
    """Sixty people with their histories, at a present that moves only when told."""
    return generate(Size(60), clock=clock)


@pytest.fixture
def bare(clock: ManualClock) -> Workspace:
    """Teammates, tags and attributes, but nobody yet."""
    return generate(Size(0), clock=clock)


@pytest.fixture(scope="session")
def town() -> Workspace:
    """A larger workspace for tests that only look."""
    return generate(Size(1_500), clock=ManualClock(NOW))


@pytest.fixture
def sim(workspace: Workspace) -> Iterator[Running]:
    with run_in_thread(workspace) as running:
        yield running


@pytest.fixture
def client(sim: Running) -> Client:
    return Client(sim.url)


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with listening() as collecting:
        yield collecting


@pytest.fixture
def hooked(workspace: Workspace, inbox: Inbox) -> Iterator[Running]:
    """A simulator that tells the inbox of every change and retries at once."""
    settings = Settings(webhook_url=inbox.url, webhook_retry_secs=0)
    with run_in_thread(workspace, settings=settings) as running:
        yield running
