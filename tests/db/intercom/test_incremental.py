"""Incremental runs bring what changed, and only that."""

import pytest

from intercom_sim.actions import contacts as people
from intercom_sim.actions import conversations as talks
from intercom_sim.actions import inbox
from intercom_sim.server import Running
from pulsescore.connectors.intercom.models import Connection
from pulsescore.store.models import Customer, Tombstone
from tests.db.intercom import truth
from tests.db.intercom.conftest import Present, Sync, succeeded

HOUR = 3600


@pytest.fixture
def imported(sync: Sync, connection: Connection, present: Present, sim: Running) -> Connection:
    assert succeeded(sync())
    present.pass_secs(HOUR)
    sim.simulator.log.clear()
    return connection


def anyone(sim: Running) -> str:
    return min(truth.with_address(sim))


def test_nothing_new_needs_few_requests(imported: Connection, sync: Sync, sim: Running) -> None:
    before = truth.snapshot(imported)
    assert succeeded(sync("incremental"))
    assert truth.snapshot(imported) == before
    assert sim.simulator.log.total < 12


def test_a_changed_contact_arrives(imported: Connection, sync: Sync, sim: Running) -> None:
    one = anyone(sim)
    sim.call(lambda: people.update_contact(sim.workspace, one, fields={"name": "Renamed"}))
    assert succeeded(sync("incremental"))
    assert truth.customers(imported)[one].name == "Renamed"


def test_a_new_tag_arrives_by_name(imported: Connection, sync: Sync, sim: Running) -> None:
    one = anyone(sim)
    sim.call(lambda: people.tag_contact(sim.workspace, one, name="Brand new"))
    assert succeeded(sync("incremental"))
    assert "Brand new" in truth.customers(imported)[one].tags


def test_a_new_contact_and_its_conversation_arrive_together(
    imported: Connection, sync: Sync, sim: Running
) -> None:
    made = sim.call(lambda: people.create_contact(sim.workspace, email="new@example.com"))
    talk = sim.call(
        lambda: talks.start_conversation(sim.workspace, contact_id=made.id, body="Hello")
    )
    assert succeeded(sync("incremental"))
    assert made.id in truth.customers(imported)
    stored = truth.stored_conversations(imported)[talk.id]
    assert truth.people_of(imported, stored) == {made.id}


def test_a_closed_conversation_is_closed(imported: Connection, sync: Sync, sim: Running) -> None:
    stored = truth.stored_conversations(imported)
    one = min(key for key, row in stored.items() if row.status == "open")
    sim.call(lambda: inbox.close(sim.workspace, one))
    assert succeeded(sync("incremental"))
    assert truth.stored_conversations(imported)[one].status == "closed"


def test_a_contact_of_an_old_conversation_that_was_archived_does_not_come_in(
    imported: Connection, sync: Sync, sim: Running
) -> None:
    made = sim.call(lambda: people.create_contact(sim.workspace, email="gone@example.com"))
    sim.call(lambda: talks.start_conversation(sim.workspace, contact_id=made.id, body="Hello"))
    sim.call(lambda: people.delete_contact(sim.workspace, made.id))
    assert succeeded(sync("incremental"))
    assert made.id not in truth.customers(imported)


def test_each_run_begins_where_the_last_one_ended(
    imported: Connection, sync: Sync, sim: Running, present: Present
) -> None:
    began_at = present.now()
    sync("incremental")
    assert imported.synced_through == began_at


def test_a_long_outage_is_caught_up(
    imported: Connection, sync: Sync, sim: Running, present: Present
) -> None:
    changed = sorted(truth.with_address(sim))[:25]
    for one in changed:
        present.pass_secs(7 * HOUR)
        sim.call(
            lambda one=one: people.update_contact(sim.workspace, one, fields={"name": f"N{one}"})
        )
    assert succeeded(sync("incremental"))
    stored = truth.customers(imported)
    assert all(stored[one].name == f"N{one}" for one in changed)


def test_before_a_first_import_an_incremental_run_becomes_a_full_one(sync: Sync) -> None:
    run = sync("incremental")
    assert run.kind == "full"


def test_no_one_is_marked_as_gone_by_an_incremental_run(
    imported: Connection, sync: Sync, sim: Running
) -> None:
    one = anyone(sim)
    sim.call(lambda: people.archive(sim.workspace, one))
    assert succeeded(sync("incremental"))
    rows = Customer.objects.for_org(imported.org_id).filter(external_id=one)
    assert rows.get().deleted_at is None
    assert not Tombstone.objects.for_org(imported.org_id).filter(external_id=one).exists()
