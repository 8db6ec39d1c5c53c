"""Each night what nobody tells is read again: tags, open conversations, visits."""

import pytest

from intercom_sim.actions import contacts as people
from intercom_sim.actions import inbox
from intercom_sim.actions.lookup import tag_called
from intercom_sim.model import Applied
from intercom_sim.server import Running
from pulsescore.connectors.intercom.models import Connection, RunKind
from pulsescore.connectors.intercom.runs import list_due_checks
from pulsescore.store import write
from pulsescore.store.records import CustomerRecord
from tests.db.intercom import truth
from tests.db.intercom.conftest import Present, Sync, succeeded

HOUR, DAY = 3600, 86_400


@pytest.fixture
def imported(sync: Sync, connection: Connection, present: Present) -> Connection:
    assert succeeded(sync())
    present.pass_secs(HOUR)
    return connection


def test_what_bulk_tagging_and_renaming_did_is_found(
    imported: Connection, sync: Sync, sim: Running
) -> None:
    workspace = sim.workspace
    one, other = sorted(truth.with_address(sim))[:2]

    def silently() -> None:
        """Bulk operations tell nobody, and move no `updated_at`."""
        gold, silver = tag_called(workspace, "gold"), tag_called(workspace, "silver")
        workspace.contacts[one].tags = {gold.id: Applied(workspace.now, "1")}
        workspace.contacts[other].tags = {silver.id: Applied(workspace.now, "1")}
        for contact_id in (one, other):
            workspace.touch_contact(workspace.contacts[contact_id])

    sim.call(silently)
    assert succeeded(sync("nightly"))
    assert truth.customers(imported)[one].tags == ["gold"]
    assert truth.customers(imported)[other].tags == ["silver"]

    def rename_and_take_off() -> None:
        workspace.rename_tag(tag_called(workspace, "silver"), "very important")
        workspace.contacts[one].tags = {}
        workspace.touch_contact(workspace.contacts[one])

    sim.call(rename_and_take_off)
    run = sync("nightly")
    assert truth.customers(imported)[one].tags == []
    assert truth.customers(imported)[other].tags == ["very important"]
    assert run.phases["sweep"]["retagged_contacts"] == 1


def test_visits_are_found(imported: Connection, sync: Sync, sim: Running, present: Present) -> None:
    one = sorted(truth.with_address(sim))[0]
    present.pass_secs(DAY)
    sim.call(lambda: people.seen(sim.workspace, one))
    assert succeeded(sync("incremental"))
    before = truth.customers(imported)[one].last_seen_at
    assert succeeded(sync("nightly"))
    after = truth.customers(imported)[one].last_seen_at
    assert before is not None
    assert after is not None
    assert before < after == present.now()


def test_conversations_held_as_open_are_read_again_whatever_their_age(
    imported: Connection, sync: Sync, sim: Running, present: Present
) -> None:
    stored = truth.stored_conversations(imported)
    closed, deleted = sorted(key for key, row in stored.items() if row.status == "open")[:2]
    sim.call(lambda: inbox.close(sim.workspace, closed))
    sim.call(lambda: inbox.delete_conversation(sim.workspace, deleted))
    imported.synced_through = present.now()
    imported.save()
    present.pass_secs(120 * DAY)
    imported.synced_through = present.now()
    imported.save()
    run = sync("nightly")
    assert succeeded(run)
    after = truth.stored_conversations(imported)
    assert after[closed].status == "closed"
    assert deleted not in after
    assert run.phases["sweep"]["reread_conversations"] >= 2


def test_an_archived_contact_that_was_changed_does_not_stay_alive(
    imported: Connection, sync: Sync, sim: Running, present: Present
) -> None:
    """What is told of it looks like anybody's, and wakes it up; by night it is asked for."""
    known = truth.with_address(sim)
    one, other = sorted(key for key in known if not truth.tag_names(sim, key))[:2]
    sim.call(lambda: people.archive(sim.workspace, one))
    present.pass_secs(HOUR)
    assert succeeded(sync("reconcile"))
    assert one not in truth.customers(imported)
    present.pass_secs(HOUR)
    live = sim.workspace.person(other)
    sim.call(lambda: sim.workspace.touch_contact(live, at=sim.workspace.now))
    sim.workspace.person(one).updated_at = sim.workspace.now
    for changed in (one, other):
        told = CustomerRecord(
            external_id=changed,
            version=present.now(),
            observed_at=present.now(),
            email=f"{changed}@example.com",
        )
        write.apply(
            org_id=imported.org_id,
            source_id=imported.source_id,
            records=[told],
            now=present.now(),
        )
    present.pass_secs(HOUR)
    assert succeeded(sync("incremental"))
    assert one in truth.customers(imported)
    run = sync("nightly")
    assert one not in truth.customers(imported)
    assert other in truth.customers(imported)
    assert run.phases["sweep"]["missing_contacts"] == 1


def test_it_goes_on_from_the_last_run_like_an_incremental_one(
    imported: Connection, sync: Sync, sim: Running, present: Present
) -> None:
    made = sim.call(lambda: people.create_contact(sim.workspace, email="new@example.com"))
    began_at = present.now()
    assert succeeded(sync("nightly"))
    assert made.id in truth.customers(imported)
    assert imported.synced_through == began_at


def test_checks_are_due_once_a_night_and_once_a_week(
    imported: Connection, sync: Sync, present: Present
) -> None:
    assert list_due_checks(now=present.now()) == []
    present.pass_secs(31 * HOUR)
    assert [kind for _, kind in list_due_checks(now=present.now())] == [RunKind.NIGHTLY]
    assert succeeded(sync("nightly"))
    assert list_due_checks(now=present.now()) == []
    present.pass_secs(7 * DAY)
    assert [kind for _, kind in list_due_checks(now=present.now())] == [RunKind.RECONCILE]
    assert succeeded(sync("reconcile"))
    assert list_due_checks(now=present.now()) == []
