"""Whatever happens in whatever order, indexes and remembered bytes tell the truth."""

import random

import msgspec
import pytest

from intercom_sim.actions import companies, contacts, conversations, inbox
from intercom_sim.actions.errors import ActionError
from intercom_sim.clock import ManualClock
from intercom_sim.generator.build import Size, generate
from intercom_sim.index import SortedIndex
from intercom_sim.shapes.company import company_json
from intercom_sim.shapes.contact import contact_json
from intercom_sim.shapes.conversation import conversation_json
from intercom_sim.warm import warm
from intercom_sim.webhooks.notifications import GENERATIONS, notifications
from intercom_sim.workspace import Workspace
from tests.sim.conftest import NOW


def live_a_little(workspace: Workspace, clock: ManualClock, dice: random.Random) -> None:
    """One random action on random things; refusals are part of life."""
    person = dice.choice(list(workspace.contacts))
    other = dice.choice(list(workspace.contacts))
    thread = dice.choice(list(workspace.conversations))
    company = dice.choice(list(workspace.companies))
    admin = dice.choice(list(workspace.admins))
    actions = (
        lambda: conversations.start_conversation(workspace, person, body="Hi"),
        lambda: conversations.start_outreach(workspace, person, body="Hello"),
        lambda: conversations.customer_reply(workspace, thread, body="Again"),
        lambda: conversations.customer_reply(workspace, thread, body="Me too", contact_id=person),
        lambda: conversations.admin_reply(workspace, thread, body="Yes", admin_id=admin),
        lambda: conversations.mark_read(workspace, thread),
        lambda: inbox.close(workspace, thread),
        lambda: inbox.reopen(workspace, thread),
        lambda: inbox.assign(workspace, thread, assignee=f"admin:{admin}"),
        lambda: inbox.snooze(workspace, thread, until=workspace.now + 50),
        lambda: inbox.rate(workspace, thread, rating=dice.randint(1, 5)),
        lambda: inbox.tag_conversation(workspace, thread, name=dice.choice("abc")),
        lambda: inbox.untag_conversation(workspace, thread, name=dice.choice("abc")),
        lambda: inbox.add_participant(workspace, thread, contact_id=person),
        lambda: inbox.remove_participant(workspace, thread, contact_id=person),
        lambda: inbox.delete_conversation(workspace, thread),
        lambda: contacts.create_contact(workspace, role="lead"),
        lambda: contacts.update_contact(workspace, person, fields={"name": f"N{dice.random()}"}),
        lambda: contacts.change_email(workspace, person, email=f"{dice.random()}@x.example"),
        lambda: contacts.tag_contact(workspace, person, name=dice.choice("abc")),
        lambda: contacts.untag_contact(workspace, person, name=dice.choice("abc")),
        lambda: contacts.seen(workspace, person),
        lambda: contacts.sign_up(workspace, person),
        lambda: contacts.archive(workspace, person),
        lambda: contacts.unarchive(workspace, person),
        lambda: contacts.merge(workspace, person, into=other),
        lambda: contacts.delete_contact(workspace, person),
        lambda: companies.save_company(workspace, company_id=dice.choice("xyz")),
        lambda: companies.attach(workspace, person, company=company),
        lambda: companies.detach(workspace, person, company=company),
    )
    clock.advance(dice.choice((0, 0, 1, 60)))
    try:
        dice.choice(actions)()
    except ActionError:
        return


def assert_true_to_life(workspace: Workspace) -> None:
    """Every remembered byte and every index row is what it would be if made now."""
    app_id = workspace.identity.app_id
    encode = msgspec.json.encode
    for person in workspace.contacts.values():
        assert person.wire in (None, encode(contact_json(person, workspace_id=app_id)))
    for company in workspace.companies.values():
        assert company.wire in (None, encode(company_json(company, workspace=workspace)))
    for company in workspace.companies.values():
        company.wire = None
    for thread in workspace.conversations.values():
        assert thread.wire in (None, encode(conversation_json(thread, workspace=workspace)))
    visible = [o for o in workspace.contacts.values() if not o.archived and not o.merged_into]
    assert_indexes(workspace.contacts_by_update, {o.id: o.updated_at for o in visible})
    assert_indexes(workspace.contacts_by_creation, {o.id: o.created_at for o in visible})
    threads = workspace.conversations.values()
    assert_indexes(workspace.conversations_by_update, {o.id: o.updated_at for o in threads})
    assert_indexes(workspace.conversations_by_creation, {o.id: o.created_at for o in threads})


def assert_indexes(index: SortedIndex[object], wanted: dict[str, int]) -> None:  # type: ignore[type-var]
    assert [row[:2] for row in index.rows] == sorted((at, one) for one, at in wanted.items())


@pytest.mark.parametrize("seed", range(6))
def test_a_lively_workspace_stays_coherent(seed: int) -> None:
    clock = ManualClock(NOW)
    workspace = generate(Size(25), seed=seed, clock=clock)
    heard = [0]

    def listen(change: object) -> None:
        for generation in GENERATIONS:
            made = notifications(change, generation=generation, workspace=workspace)  # type: ignore[arg-type]
            heard[0] += len(msgspec.json.encode(made)) > 2

    workspace.subscribe(listen)
    dice = random.Random(seed)
    for _ in range(12):
        warm(workspace)
        for _ in range(25):
            live_a_little(workspace, clock, dice)
        assert_true_to_life(workspace)
    assert heard[0] > 100
