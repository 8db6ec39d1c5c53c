"""An import whose pages are admitted by another process stores what one without it would."""

import os
import signal
from datetime import UTC, datetime
from typing import Any

import pytest
from structlog.testing import capture_logs

from intercom_sim.actions import contacts as people
from intercom_sim.generator.build import Size
from intercom_sim.server import Running
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Organization, Role
from pulsescore.connectors.intercom import actions
from pulsescore.connectors.intercom.inbound.raw_pages import RawPage
from pulsescore.connectors.intercom.inbound.separately import Separately
from pulsescore.connectors.intercom.models import Connection
from tests.db.intercom import truth
from tests.db.intercom.conftest import PRESENT, TOKEN, Present, Sync, succeeded


@pytest.fixture
def size() -> Size:
    return Size(30)


@pytest.fixture
def broken(sim: Running) -> str:
    """A contact that no whole decoding accepts, but whose outline can be read."""
    contact = min(truth.with_address(sim))
    sim.call(lambda: people.update_contact(sim.workspace, contact, fields={"phone": 7}))
    return contact


class Watched(Separately):
    """Remembers the processes that it started, and what they did."""

    def __init__(self) -> None:
        super().__init__(worth_from=1)
        self.process_ids: list[int] = []
        self.admitted: list[Any] = []

    def expect(self, total: int | None, *, at_once: bool) -> None:
        super().expect(total, at_once=at_once)
        if self.process_id is not None:
            self.process_ids.append(self.process_id)

    async def admit(self, *told: Any, **options: Any) -> Any:
        self.admitted.append(await super().admit(*told, **options))
        return self.admitted[-1]


def is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_same_rows_links_and_faults_are_stored(
    sync: Sync, connection: Connection, broken: str, present: Present
) -> None:
    assert succeeded(sync())
    here = truth.snapshot(connection)
    other = Organization.objects.create(name="Other")
    admin = Actor(user=None, org_id=other.pk, role=Role.ADMIN, via="command")
    again = actions.connect_with_token(admin, access_token=TOKEN, now=present.now())
    watched = Watched()
    assert succeeded(sync(connection=again, separately=lambda: watched))
    assert len(watched.admitted) >= 2
    assert None not in watched.admitted
    assert truth.snapshot(again) == here
    assert truth.held(again, "customer", "malformed") == {broken}
    assert not any(map(is_running, watched.process_ids))


def test_a_process_that_is_killed_on_the_way_loses_nothing(
    sync: Sync, connection: Connection, broken: str, sim: Running
) -> None:
    watched = Watched()

    def kill(_org_id: int) -> None:
        if watched.process_id is not None:
            os.kill(watched.process_id, signal.SIGKILL)

    with capture_logs() as logs:
        run = sync(on_changed=kill, separately=lambda: watched)
    assert succeeded(run)
    assert "intercom.admitting_process_lost" in [line["event"] for line in logs]
    assert set(truth.customers(connection)) == truth.with_address(sim) - {broken}
    known = truth.customers(connection).keys()
    assert set(truth.stored_conversations(connection)) == {
        one["id"]
        for one in truth.conversations(sim, updated_since=PRESENT - 90 * 86_400)
        if known & {person["id"] for person in one["contacts"]["contacts"]}
    }


def test_a_small_import_starts_none() -> None:
    ordinary = Separately()
    ordinary.expect(None, at_once=True)
    ordinary.expect(1_000, at_once=True)
    assert ordinary.process_id is None


async def test_a_reimport_starts_one_when_there_is_much_to_read() -> None:
    async with Separately(worth_from=1) as other:
        other.expect(10_000, at_once=False)
        assert await other.admit([page(b"few")], {}, as_new=False) is None
        assert other.process_id is None
        admitted = await other.admit([page(b"many" * 200_000)], {}, as_new=False)
        assert admitted is not None
        assert admitted.customers.keys() == {"ann"}


def page(text: bytes) -> RawPage:
    body = b'{"data":[{"id":"ann","updated_at":1,"unknown":"%b"}]}' % text
    return RawPage("customer", datetime(2026, 1, 1, tzinfo=UTC), body)
