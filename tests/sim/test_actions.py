"""Actions: what changes, whose times move, and what is refused."""

import pytest

from intercom_sim.actions import companies, contacts, conversations, inbox
from intercom_sim.actions.errors import ActionError
from intercom_sim.changes import Change
from intercom_sim.clock import ManualClock
from intercom_sim.model import Contact, Conversation
from intercom_sim.shapes.contact import contact_bytes
from intercom_sim.shapes.conversation import conversation_json
from intercom_sim.statistics import derive
from intercom_sim.workspace import Workspace


@pytest.fixture
def ada(bare: Workspace) -> Contact:
    return contacts.create_contact(bare, email="ada@here.example", name="Ada")


@pytest.fixture
def ticket(bare: Workspace, ada: Contact, clock: ManualClock) -> Conversation:
    one = conversations.start_conversation(bare, ada.id, body="It is broken")
    clock.advance(60)
    return one


@pytest.fixture
def told(bare: Workspace) -> list[Change]:
    heard: list[Change] = []
    bare.subscribe(heard.append)
    return heard


def kinds(told: list[Change]) -> list[str]:
    return [one.kind for one in told]


def test_a_customers_reply_reopens_a_closed_ticket(
    bare: Workspace, ticket: Conversation, told: list[Change]
) -> None:
    inbox.close(bare, ticket.id)
    conversations.customer_reply(bare, ticket.id, body="Again!")
    figures = derive(ticket)
    assert figures is not None
    assert (ticket.state, figures.count_reopens) == ("open", 1)
    assert kinds(told) == ["closed", "contact_reopened"]


def test_a_reply_moves_the_contacts_times_and_updated_at(
    bare: Workspace, ada: Contact, ticket: Conversation
) -> None:
    conversations.customer_reply(bare, ticket.id, body="More")
    assert ada.last_replied_at == ada.last_seen_at == ada.updated_at == bare.now


def test_a_visit_moves_only_last_seen(
    bare: Workspace, ada: Contact, clock: ManualClock, told: list[Change]
) -> None:
    before = ada.updated_at
    clock.advance(100)
    contacts.seen(bare, ada.id)
    assert (ada.last_seen_at, ada.updated_at) == (bare.now, before)
    assert told == []


def test_a_visit_is_readable_at_once_although_nothing_was_updated(
    bare: Workspace, ada: Contact, clock: ManualClock
) -> None:
    first = contact_bytes(ada, workspace_id="w")
    clock.advance(100)
    contacts.seen(bare, ada.id)
    assert contact_bytes(ada, workspace_id="w") != first


def test_a_note_answers_nobody(bare: Workspace, ticket: Conversation) -> None:
    waiting = ticket.waiting_since
    conversations.add_note(bare, ticket.id, body="Hm")
    assert ticket.waiting_since == waiting
    conversations.admin_reply(bare, ticket.id, body="Hello")
    assert ticket.waiting_since is None


def test_assigning_a_closed_ticket_opens_it(bare: Workspace, ticket: Conversation) -> None:
    inbox.close(bare, ticket.id)
    admin = list(bare.admins)[1]
    inbox.assign(bare, ticket.id, assignee=f"admin:{admin}")
    assert (ticket.state, ticket.admin_assignee_id) == ("open", admin)
    inbox.assign(bare, ticket.id, assignee=None)
    assert ticket.admin_assignee_id is None


def test_snoozing_needs_a_moment_to_come(bare: Workspace, ticket: Conversation) -> None:
    with pytest.raises(ActionError):
        inbox.snooze(bare, ticket.id, until=bare.now)
    inbox.snooze(bare, ticket.id, until=bare.now + 60)
    assert (ticket.state, ticket.snoozed_until) == ("snoozed", bare.now + 60)
    inbox.unsnooze(bare, ticket.id)
    assert (ticket.state, ticket.snoozed_until) == ("open", None)


def test_a_rating_goes_to_the_assignee(bare: Workspace, ticket: Conversation) -> None:
    admin = list(bare.admins)[2]
    inbox.assign(bare, ticket.id, assignee=f"admin:{admin}")
    inbox.rate(bare, ticket.id, rating=2, remark="slow")
    assert ticket.rating is not None
    assert (ticket.rating.rating, ticket.rating.admin_id) == (2, admin)


def test_tags_are_one_whatever_their_case(bare: Workspace, ada: Contact) -> None:
    contacts.tag_contact(bare, ada.id, name="Gold")
    contacts.tag_contact(bare, ada.id, name="gold")
    assert [bare.tags[one].name for one in ada.tags] == ["Gold"]
    contacts.untag_contact(bare, ada.id, name="GOLD")
    assert not ada.tags


def test_two_users_cannot_share_an_address_but_leads_can(bare: Workspace, ada: Contact) -> None:
    with pytest.raises(ActionError, match=f"already exists with id={ada.id}"):
        contacts.create_contact(bare, email="ADA@here.example")
    lead = contacts.create_contact(bare, role="lead", email="ada@here.example")
    assert lead.external_id is not None


def test_signing_up_keeps_the_id(bare: Workspace, told: list[Change]) -> None:
    lead = contacts.create_contact(bare, role="lead")
    contacts.sign_up(bare, lead.id, email="new@here.example", external_id="u1")
    assert (lead.role, lead.email, lead.external_id) == ("user", "new@here.example", "u1")
    assert kinds(told) == ["contact_created", "contact_signed_up"]


def test_the_first_address_of_a_lead_is_another_event_than_a_change(
    bare: Workspace, ada: Contact, told: list[Change]
) -> None:
    lead = contacts.create_contact(bare, role="lead")
    contacts.change_email(bare, lead.id, email="first@here.example")
    contacts.change_email(bare, ada.id, email="second@here.example")
    assert kinds(told)[1:] == ["contact_email_added", "contact_email_changed"]


def test_a_merge_hands_everything_over(bare: Workspace, ada: Contact) -> None:
    lead = contacts.create_contact(bare, role="lead")
    company = companies.save_company(bare, company_id="k1", fields={"name": "Kay"})
    companies.attach(bare, lead.id, company=company.id)
    contacts.tag_contact(bare, lead.id, name="Gold")
    thread = conversations.start_conversation(bare, lead.id, body="Hi")
    contacts.merge(bare, lead.id, into=ada.id)
    assert thread.contact_ids == [ada.id]
    assert thread.source.author == f"contact:{ada.id}"
    assert ada.company_ids == [company.id]
    assert list(company.contact_ids) == [ada.id]
    assert len(ada.tags) == 1
    assert ada.merge_history[0].source_contact_id == lead.id


def test_only_leads_merge_and_only_into_users(bare: Workspace, ada: Contact) -> None:
    lead = contacts.create_contact(bare, role="lead")
    with pytest.raises(ActionError):
        contacts.merge(bare, ada.id, into=lead.id)


def test_archiving_and_back_leaves_the_lists_whole(bare: Workspace, ada: Contact) -> None:
    contacts.archive(bare, ada.id)
    assert (len(bare.contacts_by_update), len(bare.contacts_by_creation)) == (0, 0)
    contacts.update_contact(bare, ada.id, fields={"name": "Ada A."})
    contacts.unarchive(bare, ada.id)
    assert (len(bare.contacts_by_update), len(bare.contacts_by_creation)) == (1, 1)


def test_conversations_outlive_their_deleted_contact(
    bare: Workspace, ada: Contact, ticket: Conversation
) -> None:
    contacts.delete_contact(bare, ada.id)
    shape = conversation_json(ticket, workspace=bare)
    assert shape["contacts"]["contacts"][0]["id"] == ada.id


def test_deleting_a_company_frees_its_people(bare: Workspace, ada: Contact) -> None:
    company = companies.save_company(bare, company_id="k1", fields={"name": "Kay"})
    companies.attach(bare, ada.id, company=company.id)
    companies.delete_company(bare, company.id)
    assert ada.company_ids == []


def test_spend_is_cut_to_whole_units(bare: Workspace) -> None:
    company = companies.save_company(bare, company_id="k1", fields={"monthly_spend": 99.9})
    assert company.monthly_spend == 99


def test_custom_attributes_merge_and_null_removes(bare: Workspace, ada: Contact) -> None:
    contacts.update_contact(bare, ada.id, custom_attributes={"plan": "Team", "seats": 3})
    contacts.update_contact(bare, ada.id, custom_attributes={"plan": None})
    assert ada.custom_attributes == {"seats": 3}


@pytest.mark.parametrize("action", [inbox.reopen, inbox.unsnooze])
def test_open_tickets_cannot_be_opened(
    bare: Workspace, ticket: Conversation, action: object
) -> None:
    with pytest.raises(ActionError):
        action(bare, ticket.id)  # type: ignore[operator]


def test_the_unknown_is_called_unknown(bare: Workspace) -> None:
    with pytest.raises(ActionError) as caught:
        conversations.customer_reply(bare, "1", body="?")
    assert caught.value.reason == "unknown"
