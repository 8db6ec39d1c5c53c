"""One scroll over the companies of a workspace at a time: ours wait for one another and others."""

import asyncio

import pytest

from intercom_sim.generator.build import Size
from intercom_sim.server import Running
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Organization, Role
from pulsescore.connectors.intercom import actions
from pulsescore.connectors.intercom.inbound import locking
from pulsescore.connectors.intercom.inbound.run import execute
from pulsescore.connectors.intercom.models import Connection, SyncRun
from pulsescore.connectors.intercom.runs import request_run
from pulsescore.store.models import Company
from tests.db.intercom import truth
from tests.db.intercom.conftest import TOKEN, Present, Sync, succeeded

COMPANIES = 450


@pytest.fixture
def size() -> Size:
    """Companies enough for several pages of a scroll."""
    return Size(20, 20, COMPANIES)


def scrolls(sim: Running) -> list[int]:
    """How requests for the scroll were answered."""
    return [one.status for one in sim.simulator.log if one.path == "/companies/scroll"]


@pytest.fixture
def another(connection: Connection, present: Present) -> Connection:
    """The same workspace, connected by another organization."""
    organization = Organization.objects.create(name="Globex")
    admin = Actor(user=None, org_id=organization.pk, role=Role.ADMIN, via="command")
    return actions.connect_with_token(admin, access_token=TOKEN, now=present.now())


def run_together(connections: list[Connection], present: Present) -> list[SyncRun]:
    """Full imports of all of them at once, as several workers do."""
    runs = [request_run(one, kind="full", trigger="test", now=present.now()) for one in connections]

    async def both() -> None:
        work = [
            execute(
                run.pk,
                now=present.now,
                on_changed=lambda _org_id: None,
                timing=present.timing(),
            )
            for run in runs
        ]
        await asyncio.gather(*work)

    asyncio.run(both())
    for run in runs:
        run.refresh_from_db()
    return runs


def test_two_of_ours_never_scroll_the_same_workspace_at_once(
    transactional_db: None,
    connection: Connection,
    another: Connection,
    sim: Running,
    present: Present,
) -> None:
    sim.simulator.faults.latency_ms = 20
    runs = run_together([connection, another], present)
    assert all(succeeded(run) for run in runs)
    pages = -(-COMPANIES // 100) + 1
    assert scrolls(sim) == [200] * 2 * pages
    for one in (connection, another):
        assert Company.objects.for_org(one.org_id).count() == COMPANIES


def test_a_scroll_that_somebody_left_is_waited_for_until_it_expires(
    sync: Sync, connection: Connection, sim: Running, present: Present
) -> None:
    truth.ask(sim, "/companies/scroll")
    sim.simulator.log.clear()
    began_at = present.now()
    run = sync()
    assert succeeded(run)
    assert 60 <= (present.now() - began_at).total_seconds() < 70
    assert scrolls(sim)[0] == 400
    assert run.phases["companies"]["complete"] is True
    assert len(truth.companies(connection)) == COMPANIES


def test_beside_a_scroll_that_does_not_end_companies_are_listed(
    sync: Sync, connection: Connection, sim: Running, present: Present
) -> None:
    sim.simulator.faults.plan("/companies/scroll", status=400, code="scroll_exists", count=99)
    began_at = present.now()
    run = sync()
    assert succeeded(run)
    assert (present.now() - began_at).total_seconds() < 200
    assert run.phases["companies"]["complete"] is False
    listed = sim.call(
        lambda: {one.id for one in sim.workspace.companies.values() if one.contact_ids}
    )
    assert set(truth.companies(connection)) == listed
    assert 0 < len(listed) < COMPANIES


def test_companies_that_a_list_leaves_out_are_not_taken_for_gone(
    sync: Sync, connection: Connection, sim: Running
) -> None:
    assert succeeded(sync())
    sim.simulator.faults.plan("/companies/scroll", status=400, code="scroll_exists", count=99)
    assert succeeded(sync("reconcile"))
    assert len(truth.companies(connection)) == COMPANIES


async def waits(connection: Connection, *, longest_wait_secs: float) -> tuple[bool, float]:
    """Whether the right to scroll was got, and after how long."""
    slept = 0.0

    async def sleep(secs: float) -> None:
        nonlocal slept
        slept += secs

    async with locking.scrolling(
        connection, longest_wait_secs=longest_wait_secs, sleep=sleep
    ) as alone:
        return alone, slept


def test_a_scroll_of_ours_is_waited_for_but_not_for_ever(connection: Connection) -> None:
    async def story() -> tuple[bool, float]:
        async with locking.scrolling(connection) as first:
            assert first
            return await waits(connection, longest_wait_secs=20)

    alone, slept = asyncio.run(story())
    assert not alone
    assert slept == pytest.approx(20, abs=1)
    assert asyncio.run(waits(connection, longest_wait_secs=20)) == (True, 0)


def test_the_right_is_for_a_workspace_whoever_connected_it(
    connection: Connection, another: Connection
) -> None:
    async def story(other: Connection) -> bool:
        async with locking.scrolling(connection):
            return (await waits(other, longest_wait_secs=0))[0]

    assert not asyncio.run(story(another))
    another.workspace_id = "other"
    assert asyncio.run(story(another))
