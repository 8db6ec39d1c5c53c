"""After a reconciliation nothing stored differs from the workspace."""

import pytest

from intercom_sim.actions import companies as firms
from intercom_sim.actions import contacts as people
from intercom_sim.actions import conversations as talks
from intercom_sim.actions import inbox
from intercom_sim.server import Running
from pulsescore.connectors.intercom.models import Connection
from pulsescore.store.models import Customer
from tests.db.intercom import truth
from tests.db.intercom.conftest import Present, Sync, succeeded

HOUR, DAY = 3600, 86_400


@pytest.fixture
def imported(sync: Sync, connection: Connection, present: Present) -> Connection:
    assert succeeded(sync())
    present.pass_secs(HOUR)
    return connection


def fate(connection: Connection, external_id: str) -> str | None:
    row = Customer.objects.for_org(connection.org_id).get(external_id=external_id)
    return row.deleted_reason if row.deleted_at else None


def someone(sim: Running, number: int = 0) -> str:
    return sorted(truth.with_address(sim))[number]


def test_deleted_contacts_are_found(
    imported: Connection, sync: Sync, sim: Running, present: Present
) -> None:
    one = someone(sim)
    sim.call(lambda: people.delete_contact(sim.workspace, one))
    present.pass_secs(HOUR)
    assert succeeded(sync("reconcile"))
    assert fate(imported, one) == "deleted"


def test_archived_contacts_are_found_and_come_back(
    imported: Connection, sync: Sync, sim: Running, present: Present
) -> None:
    one = someone(sim)
    sim.call(lambda: people.archive(sim.workspace, one))
    present.pass_secs(HOUR)
    assert succeeded(sync("reconcile"))
    assert fate(imported, one) == "archived"
    sim.call(lambda: people.unarchive(sim.workspace, one))
    present.pass_secs(HOUR)
    assert succeeded(sync("reconcile"))
    assert fate(imported, one) is None


def test_a_merged_contact_points_to_the_survivor(
    imported: Connection, sync: Sync, sim: Running, present: Present
) -> None:
    lead = sim.call(
        lambda: people.create_contact(sim.workspace, role="lead", email="l@example.com")
    )
    user = someone(sim)
    assert succeeded(sync("incremental"))
    sim.call(lambda: people.merge(sim.workspace, lead.id, into=user))
    present.pass_secs(HOUR)
    assert succeeded(sync("reconcile"))
    row = Customer.objects.for_org(imported.org_id).get(external_id=lead.id)
    assert row.merged_into is not None
    assert row.merged_into.external_id == user


def test_open_conversations_older_than_the_window_are_read_again(
    imported: Connection, sync: Sync, sim: Running, present: Present
) -> None:
    stored = truth.stored_conversations(imported)
    one = min(key for key, row in stored.items() if row.status == "open")
    sim.call(lambda: inbox.close(sim.workspace, one))
    present.pass_secs(120 * DAY)
    assert succeeded(sync("reconcile"))
    assert truth.stored_conversations(imported)[one].status == "closed"


def test_deleted_conversations_are_found(
    imported: Connection, sync: Sync, sim: Running, present: Present
) -> None:
    one = min(truth.stored_conversations(imported))
    sim.call(lambda: inbox.delete_conversation(sim.workspace, one))
    present.pass_secs(HOUR)
    assert succeeded(sync("reconcile"))
    assert one not in truth.stored_conversations(imported)


def test_deleted_companies_are_found(
    imported: Connection, sync: Sync, sim: Running, present: Present
) -> None:
    one = min(truth.companies(imported))
    sim.call(lambda: firms.delete_company(sim.workspace, one))
    present.pass_secs(HOUR)
    assert succeeded(sync("reconcile"))
    assert one not in truth.companies(imported)


def test_a_great_loss_at_once_is_refused(
    imported: Connection, sync: Sync, sim: Running, present: Present
) -> None:
    everyone = sorted(truth.with_address(sim))
    extra = [
        sim.call(lambda n=n: people.create_contact(sim.workspace, email=f"x{n}@example.com")).id
        for n in range(60)
    ]
    assert succeeded(sync("incremental"))
    for one in [*everyone, *extra]:
        sim.call(lambda one=one: people.archive(sim.workspace, one))
    present.pass_secs(HOUR)
    run = sync("reconcile")
    assert succeeded(run)
    assert set(truth.customers(imported)) == {*everyone, *extra}
    assert run.phases["sweep"]["refused_customer"] == len(everyone) + len(extra)


def test_a_great_loss_is_believed_once_a_person_confirms_it(
    imported: Connection, sync: Sync, sim: Running, present: Present
) -> None:
    for one in sorted(truth.with_address(sim)):
        sim.call(lambda one=one: people.archive(sim.workspace, one))
    for n in range(60):
        sim.call(lambda n=n: people.create_contact(sim.workspace, email=f"x{n}@example.com"))
    assert succeeded(sync("incremental"))
    for one in sorted(truth.with_address(sim)):
        sim.call(lambda one=one: people.archive(sim.workspace, one))
    present.pass_secs(HOUR)
    assert succeeded(sync("reconcile"))
    assert truth.customers(imported)
    assert succeeded(sync("reconcile", accepts_losses=True))
    assert not truth.customers(imported)


def test_the_share_that_is_believed_at_once_can_be_set(
    imported: Connection, sync: Sync, sim: Running, present: Present
) -> None:
    for n in range(60):
        sim.call(lambda n=n: people.create_contact(sim.workspace, email=f"x{n}@example.com"))
    assert succeeded(sync("incremental"))
    imported.largest_loss_percent = 100
    imported.save()
    for one in sorted(truth.with_address(sim)):
        sim.call(lambda one=one: people.archive(sim.workspace, one))
    present.pass_secs(HOUR)
    assert succeeded(sync("reconcile"))
    assert not truth.customers(imported)


def test_conversations_that_vanish_in_a_mass_are_not_believed_either(
    imported: Connection, sync: Sync, sim: Running, present: Present
) -> None:
    one = someone(sim)
    for _ in range(60):
        sim.call(lambda: talks.start_conversation(sim.workspace, contact_id=one, body="Hi"))
    assert succeeded(sync("incremental"))
    held = set(truth.stored_conversations(imported))
    present.pass_secs(HOUR)
    for talk in list(sim.workspace.conversations.values()):
        sim.call(lambda talk=talk: sim.workspace.drop_conversation(talk))
    run = sync("reconcile")
    assert succeeded(run)
    assert set(truth.stored_conversations(imported)) == held
    assert run.phases["sweep"]["refused_conversation"] >= 60


def test_what_was_heard_of_only_just_now_is_not_gone(
    imported: Connection, sync: Sync, sim: Running, present: Present
) -> None:
    made = sim.call(lambda: people.create_contact(sim.workspace, email="new@example.com"))
    firm = sim.call(lambda: firms.save_company(sim.workspace, company_id="new"))
    assert succeeded(sync("reconcile"))
    sim.call(lambda: people.delete_contact(sim.workspace, made.id))
    sim.call(lambda: firms.delete_company(sim.workspace, firm.id))
    assert succeeded(sync("reconcile"))
    assert made.id in truth.customers(imported)
    assert firm.id in truth.companies(imported)
    present.pass_secs(HOUR)
    assert succeeded(sync("reconcile"))
    assert made.id not in truth.customers(imported)
    assert firm.id not in truth.companies(imported)


def test_nobody_is_lost_who_is_only_too_new_for_the_search(
    imported: Connection, sync: Sync, sim: Running
) -> None:
    made = sim.call(lambda: people.create_contact(sim.workspace, email="new@example.com"))
    sim.call(lambda: talks.start_conversation(sim.workspace, contact_id=made.id, body="Hi"))
    assert succeeded(sync("reconcile"))
    assert made.id in truth.customers(imported)


def test_nothing_changes_when_nothing_did(imported: Connection, sync: Sync) -> None:
    before = truth.snapshot(imported)
    assert succeeded(sync("reconcile"))
    assert truth.snapshot(imported) == before
