"""Tags that are renamed or removed in Intercom, in all that carries them."""

import pytest

from intercom_sim.actions import inbox
from intercom_sim.actions.lookup import tag_called
from intercom_sim.model import Applied, Tag
from intercom_sim.server import Running
from pulsescore.connectors.intercom.models import Connection, DirectoryEntry, LogEntry
from pulsescore.store.models import Customer, DirtyCustomer
from tests.db.intercom import truth
from tests.db.intercom.conftest import Present, Sync, succeeded

HOUR, DAY = 3600, 86_400


@pytest.fixture
def carried(sync: Sync, connection: Connection, sim: Running, present: Present) -> Connection:
    """Everything imported, with a tag "gold" on somebody, on a company and on closed talks."""
    workspace = sim.workspace

    def put_on() -> None:
        gold, also = tag_called(workspace, "gold"), tag_called(workspace, "zebra")
        for person in sorted(workspace.contacts)[:3]:
            workspace.contacts[person].tags = {gold.id: Applied(workspace.now, "1")}
            workspace.touch_contact(workspace.contacts[person])
        closed = [one for one in workspace.conversations.values() if one.state == "closed"]
        for talk in closed[:4]:
            inbox.tag_conversation(workspace, talk.id, name="gold")
            inbox.tag_conversation(workspace, talk.id, name="zebra")
        firm = next(iter(workspace.companies.values()))
        firm.tag_ids, firm.wire = [gold.id, also.id], None

    sim.call(put_on)
    assert succeeded(sync())
    present.pass_secs(HOUR)
    return connection


def talks(connection: Connection) -> dict[str, list[str]]:
    return {key: row.tags for key, row in truth.stored_conversations(connection).items()}


def told_talks(sim: Running, connection: Connection) -> dict[str, list[str]]:
    workspace = sim.workspace
    return {
        key: sorted(workspace.tags[tag].name for tag in workspace.conversations[key].tags)
        for key in truth.stored_conversations(connection)
    }


def companies(connection: Connection) -> dict[str, list[str]]:
    return {key: row.tags for key, row in truth.companies(connection).items()}


def everything_is_true(sim: Running, connection: Connection) -> None:
    assert talks(connection) == told_talks(sim, connection)
    workspace = sim.workspace
    for key, tags in companies(connection).items():
        assert tags == sorted(workspace.tags[tag].name for tag in workspace.companies[key].tag_ids)
    for key, row in truth.customers(connection).items():
        assert row.tags == truth.tag_names(sim, key)


def test_a_new_name_reaches_conversations_closed_long_ago(
    carried: Connection, sync: Sync, sim: Running, present: Present
) -> None:
    carrying = sum("gold" in tags for tags in talks(carried).values())
    assert carrying
    present.pass_secs(200 * DAY)
    sim.call(lambda: sim.workspace.rename_tag(tag_called(sim.workspace, "gold"), "~ platinum"))
    run = sync("nightly")
    assert succeeded(run)
    everything_is_true(sim, carried)
    assert sum("~ platinum" in tags for tags in talks(carried).values()) == carrying
    assert run.phases["sweep"]["changed_tags"] == 1
    assert run.phases["sweep"]["retagged_rows"] > carrying


def test_what_is_renamed_is_as_if_it_had_just_been_imported(
    carried: Connection, sync: Sync, sim: Running
) -> None:
    sim.call(lambda: sim.workspace.rename_tag(tag_called(sim.workspace, "gold"), "~ platinum"))
    assert succeeded(sync("nightly"))
    before = truth.snapshot(carried)
    assert succeeded(sync("full"))
    after = truth.snapshot(carried)
    for model in ("Customer", "Company", "Conversation"):
        for one, other in zip(before[model], after[model], strict=True):
            assert {**one, "content_hash": None} == {**other, "content_hash": None}


def test_those_who_carry_it_are_looked_at_again(
    carried: Connection, sync: Sync, sim: Running
) -> None:
    DirtyCustomer.objects.for_org(carried.org_id).delete()
    sim.call(lambda: sim.workspace.rename_tag(tag_called(sim.workspace, "gold"), "~ platinum"))
    assert succeeded(sync("nightly"))
    marked = set(DirtyCustomer.objects.for_org(carried.org_id).values_list("customer", flat=True))
    carrying = Customer.objects.for_org(carried.org_id).filter(tags__contains=["~ platinum"])
    assert carrying
    assert {one.pk for one in carrying} <= marked


def test_tags_may_exchange_their_names(carried: Connection, sync: Sync, sim: Running) -> None:
    def exchange() -> None:
        workspace = sim.workspace
        gold, zebra = tag_called(workspace, "gold"), tag_called(workspace, "zebra")
        for tag, name in ((gold, "aside"), (zebra, "gold"), (gold, "zebra")):
            workspace.rename_tag(tag, name)

    sim.call(exchange)
    assert succeeded(sync("nightly"))
    everything_is_true(sim, carried)


def test_a_removed_tag_disappears_everywhere(carried: Connection, sync: Sync, sim: Running) -> None:
    def remove() -> None:
        workspace = sim.workspace
        gold = tag_called(workspace, "gold")
        everyone = (*workspace.contacts.values(), *workspace.conversations.values())
        for one in everyone:
            one.tags.pop(gold.id, None)
        for talk in workspace.conversations.values():
            talk.wire = None
        for person in workspace.contacts.values():
            workspace.touch_contact(person)
        for firm in workspace.companies.values():
            firm.tag_ids, firm.wire = [tag for tag in firm.tag_ids if tag != gold.id], None
        del workspace.tags[gold.id]

    sim.call(remove)
    assert succeeded(sync("nightly"))
    assert all("gold" not in tags for tags in talks(carried).values())
    assert all("gold" not in tags for tags in companies(carried).values())
    assert all("gold" not in row.tags for row in truth.customers(carried).values())


def test_tags_that_vanish_in_a_mass_are_kept_until_a_person_accepts_it(
    carried: Connection, sync: Sync, sim: Running
) -> None:
    before, names = talks(carried), DirectoryEntry.objects.for_org(carried.org_id)
    tags: dict[str, Tag] = dict(sim.workspace.tags)
    known = names.filter(kind="tag").count()
    sim.call(sim.workspace.tags.clear)
    sim.simulator.faults.denied = {"/contacts": 403, "/conversations": 403, "/companies": 403}
    run = sync("nightly")
    assert run.phases["sweep"]["refused_tag"] == known == len(tags)
    assert talks(carried) == before
    assert names.filter(kind="tag").count() == known
    lines = LogEntry.objects.for_org(carried.org_id).filter(details__kind="tag")
    assert [line.severity for line in lines] == ["warning"]


def test_a_list_of_tags_that_may_not_be_read_changes_nothing(
    carried: Connection, sync: Sync, sim: Running
) -> None:
    before = talks(carried)
    sim.simulator.faults.denied = {"/tags": 403}
    assert succeeded(sync("nightly"))
    assert talks(carried) == before
