"""Notifications in the words of each generation of apps."""

from datetime import datetime
from typing import Any

import msgspec
import pytest

from intercom_sim.actions import companies, contacts, conversations, inbox
from intercom_sim.changes import Change
from intercom_sim.model import Contact, Conversation
from intercom_sim.webhooks.notifications import GENERATIONS, notifications
from intercom_sim.workspace import Workspace

Json = dict[str, Any]


class Listener:
    """Hears a workspace in one generation; `told` is topic and item of the last action."""

    def __init__(self, workspace: Workspace, generation: str) -> None:
        self._workspace = workspace
        self._generation = generation
        self.told: list[tuple[str, Json]] = []
        workspace.subscribe(self._hear)

    def _hear(self, change: Change) -> None:
        made = notifications(change, generation=self._generation, workspace=self._workspace)
        self.told = msgspec.json.decode(msgspec.json.encode(made))

    @property
    def topics(self) -> list[str]:
        return [topic for topic, _ in self.told]

    @property
    def item(self) -> Json:
        return self.told[0][1]


@pytest.fixture
def ada(bare: Workspace) -> Contact:
    return contacts.create_contact(bare, email="ada@here.example", name="Ada")


@pytest.fixture
def lead(bare: Workspace) -> Contact:
    return contacts.create_contact(bare, role="lead", email="lead@here.example")


@pytest.fixture
def ticket(bare: Workspace, ada: Contact) -> Conversation:
    return conversations.start_conversation(bare, ada.id, body="It <b>is</b> broken")


def test_contact_times_are_iso_text_with_milliseconds(bare: Workspace, ada: Contact) -> None:
    for generation in ("current", "v2.14"):
        heard = Listener(bare, generation)
        contacts.update_contact(bare, ada.id, fields={"name": "A"})
        text = heard.item["updated_at"]
        assert int(datetime.fromisoformat(text).timestamp()) == ada.updated_at
        assert "." in text


def test_one_change_of_address_is_told_twice(bare: Workspace, ada: Contact) -> None:
    heard = Listener(bare, "current")
    contacts.change_email(bare, ada.id, email="new@here.example")
    assert heard.topics == ["contact.email.updated", "contact.user.updated"]


def test_topics_carry_the_role(bare: Workspace, lead: Contact) -> None:
    heard = Listener(bare, "current")
    contacts.tag_contact(bare, lead.id, name="Gold")
    assert heard.topics == ["contact.lead.tag.created"]
    assert heard.item["tag"]["name"] == "Gold"
    assert heard.item["contact"]["id"] == lead.id
    contacts.sign_up(bare, lead.id)
    assert heard.topics == ["contact.lead.signed_up", "contact.user.updated"]


def test_goodbyes_are_slim(bare: Workspace, ada: Contact) -> None:
    heard = Listener(bare, "current")
    identity = {"type": "contact", "id": ada.id, "external_id": ada.external_id}
    contacts.archive(bare, ada.id)
    assert heard.told == [["contact.archived", {**identity, "archived": True}]]
    contacts.unarchive(bare, ada.id)
    assert heard.topics == ["contact.unarchived"]
    assert heard.item["email"] == "ada@here.example"
    contacts.delete_contact(bare, ada.id)
    assert heard.told == [["contact.deleted", {**identity, "deleted": True}]]


def test_a_merge_names_both(bare: Workspace, ada: Contact, lead: Contact) -> None:
    heard = Listener(bare, "current")
    contacts.merge(bare, lead.id, into=ada.id)
    assert heard.item["id"] == ada.id
    assert heard.item["merged_from"] == {"type": "contact", "id": lead.id}


def test_only_the_parts_that_caused_it_are_told(bare: Workspace, ticket: Conversation) -> None:
    for generation in GENERATIONS:
        heard = Listener(bare, generation)
        conversations.admin_reply(bare, ticket.id, body="one")
        conversations.admin_reply(bare, ticket.id, body="two")
        parts = heard.item["conversation_parts"]
        assert parts["total_count"] == 1
        assert "two" in parts["conversation_parts"][0]["body"]


def test_current_conversations_have_plain_text_and_unix_statistics(
    bare: Workspace, ticket: Conversation
) -> None:
    heard = Listener(bare, "current")
    inbox.close(bare, ticket.id)
    assert heard.topics == ["conversation.admin.closed"]
    assert heard.item["source"]["body"] == "It <b>is</b> broken"
    assert heard.item["statistics"]["last_close_at"] == bare.now
    assert isinstance(heard.item["statistics"]["last_closed_by_id"], int)
    assert heard.item["priority"] == "none"
    assert heard.item["admin_assignee_id"] == 0


def test_older_conversations_have_html_iso_statistics_and_null_for_nobody(
    bare: Workspace, ticket: Conversation
) -> None:
    heard = Listener(bare, "v2.14")
    inbox.close(bare, ticket.id)
    assert heard.item["source"]["body"].startswith("<p>")
    closed_at = heard.item["statistics"]["last_close_at"]
    assert datetime.fromisoformat(closed_at).timestamp() == bare.now
    assert heard.item["priority"] == "not_priority"
    assert heard.item["admin_assignee_id"] is None
    assert "company" not in heard.item


def test_legacy_users_and_leads_have_other_topics_and_shapes(bare: Workspace, ada: Contact) -> None:
    heard = Listener(bare, "legacy")
    made = contacts.create_contact(bare, email="u@here.example", external_id="mine")
    assert heard.topics == ["user.created"]
    assert (heard.item["type"], heard.item["user_id"]) == ("user", "mine")
    assert heard.item["id"] == made.id
    contacts.create_contact(bare, role="lead")
    assert heard.topics == ["contact.created"]
    assert (heard.item["type"], heard.item["anonymous"]) == ("contact", True)
    contacts.tag_contact(bare, ada.id, name="Gold")
    assert heard.topics == ["user.tag.created"]
    assert set(heard.item) == {"type", "tag", "user"}


def test_legacy_conversations_have_one_user_and_one_assignee(
    bare: Workspace, ada: Contact, ticket: Conversation
) -> None:
    heard = Listener(bare, "legacy")
    admin = next(iter(bare.admins.values()))
    inbox.assign(bare, ticket.id, assignee=f"admin:{admin.id}")
    assert heard.item["user"]["email"] == "ada@here.example"
    assert heard.item["assignee"]["name"] == admin.name
    assert "contacts" not in heard.item
    assert "statistics" not in heard.item
    inbox.tag_conversation(bare, ticket.id, name="Bug")
    assert heard.topics == ["conversation_part.tag.created"]
    assert heard.item["tags_added"]["tags"][0]["name"] == "Bug"
    assert heard.item["links"]["conversation_web"].endswith(ticket.id)


def test_the_guide_speaks_of_created_updated_closed_reopened_assigned(
    bare: Workspace, ada: Contact, ticket: Conversation
) -> None:
    heard = Listener(bare, "guide")
    inbox.close(bare, ticket.id)
    assert heard.topics == ["conversation.closed"]
    conversations.customer_reply(bare, ticket.id, body="Again")
    assert heard.topics == ["conversation.updated", "conversation.reopened"]
    inbox.assign(bare, ticket.id, assignee=f"admin:{next(iter(bare.admins))}")
    assert heard.topics == ["conversation.assigned"]
    conversations.start_conversation(bare, ada.id, body="New")
    assert heard.topics == ["conversation.created"]
    contacts.update_contact(bare, ada.id, fields={"name": "B"})
    assert heard.topics == ["contact.updated"]
    assert heard.item["updated_at"] == ada.updated_at


def test_a_deleted_conversation_goes_by_another_key(bare: Workspace, ticket: Conversation) -> None:
    heard = Listener(bare, "current")
    inbox.delete_conversation(bare, ticket.id)
    item = {"type": "conversation", "conversation_id": ticket.id}
    assert heard.told == [["conversation.deleted", item]]


def test_a_company_shows_tag_ids_and_iso_times(bare: Workspace, ada: Contact) -> None:
    heard = Listener(bare, "current")
    company = companies.save_company(bare, company_id="k1", fields={"name": "Kay"})
    assert heard.topics == ["company.created", "company.updated"]
    assert heard.item["tag_ids"] == []
    assert heard.item["plan"] is None
    assert heard.item["created_at"].endswith("Z")
    companies.attach(bare, ada.id, company=company.id)
    assert heard.topics == ["company.contact.attached", "company.updated", "contact.user.updated"]
    assert set(heard.item) == {"company", "contact"}


def test_a_participant_is_told_in_intercoms_inner_shape(
    bare: Workspace, ticket: Conversation, lead: Contact
) -> None:
    heard = Listener(bare, "current")
    inbox.add_participant(bare, ticket.id, contact_id=lead.id)
    assert heard.topics == ["conversation.contact.attached"]
    assert heard.item["conversation"]["model"]["id"] == int(ticket.id)
