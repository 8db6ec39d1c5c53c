"""The names and properties of timeline events."""

from typing import Any

import msgspec
import pytest

from pulsescore.store.records import EventRecord
from tests.unit.intercom_inbox import payloads
from tests.unit.intercom_inbox.telling import AT, WORKSPACE, every, only, tell

NOTE = payloads.part(
    part_type="note",
    body="<p>Asked <i>billing</i></p>",
    author={"type": "admin", "id": "991", "name": "Grace"},
)


@pytest.mark.parametrize(
    ("topic", "name"),
    [
        ("conversation.user.created", "User started conversation"),
        ("conversation.user.replied", "User replied to conversation"),
        ("conversation.admin.replied", "Admin replied to conversation"),
        ("conversation.admin.single.created", "Admin started conversation"),
        ("conversation.admin.assigned", "Admin assigned conversation"),
        ("conversation.admin.open.assigned", "Admin assigned conversation"),
        ("conversation.admin.opened", "Admin opened conversation"),
        ("conversation.admin.closed", "Admin closed conversation"),
        ("conversation.admin.snoozed", "Admin snoozed conversation"),
        ("conversation.admin.unsnoozed", "Admin unsnoozed conversation"),
        ("conversation.admin.noted", "Admin added note to conversation"),
        ("conversation_part.tag.created", "Conversation Part Tag Added"),
        ("conversation_part.redacted", "Conversation Part Redacted"),
        ("conversation.created", "User started conversation"),
        ("conversation.closed", "Admin closed conversation"),
        ("conversation.reopened", "Admin opened conversation"),
        ("conversation.assigned", "Admin assigned conversation"),
    ],
)
@pytest.mark.parametrize("of", [payloads.conversation, payloads.older_conversation])
def test_each_topic_has_its_name_on_the_timeline(topic: str, name: str, of: Any) -> None:
    event = only(tell(topic, of(payloads.part())), EventRecord)
    assert (event.name, event.source, event.occurred_at) == (name, "intercom", AT)
    assert event.conversation == payloads.TALK
    assert event.properties["topic"] == topic


def test_the_guides_created_topic_says_who_began() -> None:
    source = {"type": "conversation", "author": {"type": "admin", "id": "991"}, "body": "Hi"}
    event = only(tell("conversation.created", payloads.conversation(source=source)), EventRecord)
    assert event.name == "Admin started conversation"
    assert event.properties["initiated"] == "admin"


def test_a_reply_carries_its_words_as_plain_text_and_the_assignee() -> None:
    event = only(
        tell("conversation.user.replied", payloads.conversation(payloads.part())), EventRecord
    )
    assert event.properties == {
        "topic": "conversation.user.replied",
        "message": "Does it work now?",
        "link": f"https://app.intercom.com/a/apps/{payloads.WORKSPACE}/conversations/{payloads.TALK}",
        "initiated": "user",
        "assignee_id": "991",
        "assignee_name": "Grace",
        "assignee_email": "grace@example.com",
    }


def test_the_first_message_is_the_message_of_a_start() -> None:
    event = only(tell("conversation.user.created", payloads.conversation()), EventRecord)
    assert event.properties["message"] == "The export fails"


def test_the_older_shape_brings_its_own_link_and_assignee() -> None:
    item = payloads.older_conversation(payloads.part())
    properties = only(tell("conversation.admin.assigned", item), EventRecord).properties
    assert properties["link"] == item["links"]["conversation_web"]
    assert properties["assignee_email"] == "grace@example.com"


def test_a_link_leads_to_the_region_of_the_workspace() -> None:
    european = msgspec.structs.replace(WORKSPACE, region="eu")
    event = only(
        tell("conversation.admin.closed", payloads.conversation(), of=european), EventRecord
    )
    assert event.properties["link"].startswith("https://app.eu.intercom.com/a/apps/")


def test_a_note_names_its_author() -> None:
    properties = only(
        tell("conversation.admin.noted", payloads.conversation(NOTE)), EventRecord
    ).properties
    assert (properties["note"], properties["author"]) == ("Asked billing", "Grace")


@pytest.mark.parametrize(
    "item",
    [
        payloads.conversation(payloads.part(tags=[{"id": "72", "name": "beta"}])),
        payloads.conversation(payloads.part(tags={"tags": [{"id": "72", "name": "beta"}]})),
        payloads.older_conversation(
            payloads.part(), tags_added={"type": "tag.list", "tags": [{"id": "72", "name": "beta"}]}
        ),
    ],
)
def test_a_tag_on_a_part_is_named(item: dict) -> None:
    event = only(tell("conversation_part.tag.created", item), EventRecord)
    assert event.properties["tags_added"] == ["beta"]


def test_nobody_assigned_tells_no_assignee() -> None:
    item = payloads.conversation(admin_assignee_id=0, team_assignee_id=None)
    event = only(tell("conversation.admin.closed", item), EventRecord)
    assert not [key for key in event.properties if key.startswith("assignee")]


def test_a_team_is_an_assignee_too() -> None:
    item = payloads.conversation(admin_assignee_id=None, team_assignee_id=55)
    properties = only(tell("conversation.admin.closed", item), EventRecord).properties
    assert (properties["assignee_id"], properties["assignee_name"]) == ("55", "Support")


def test_one_notification_is_one_event_however_often_it_comes() -> None:
    item = payloads.conversation(payloads.part())
    first, again = (
        only(tell("conversation.user.replied", item, delivery_attempts=n), EventRecord)
        for n in (1, 2)
    )
    other = only(tell("conversation.user.replied", item, id="notif_other"), EventRecord)
    assert first.dedupe_key == again.dedupe_key != other.dedupe_key


def test_without_an_id_a_notification_is_known_by_what_it_says() -> None:
    item = payloads.conversation(payloads.part())
    keys = {
        only(
            tell("conversation.user.replied", item, id=None, created_at=at), EventRecord
        ).dedupe_key
        for at in (payloads.AT, payloads.AT, payloads.AT - 60)
    }
    assert len(keys) == 2


def test_an_event_of_the_customers_product_keeps_its_name_and_time() -> None:
    item = {
        "type": "event",
        "id": "ev-1",
        "event_name": "invited-friend",
        "created_at": payloads.AT - 30,
        "user_id": "user-7",
        "intercom_user_id": payloads.ADA,
        "metadata": {"friend": "bob"},
    }
    event = only(tell("event.created", item), EventRecord)
    assert (event.name, event.contacts) == ("invited-friend", [payloads.ADA])
    assert event.properties == {"friend": "bob"}
    assert event.occurred_at.timestamp() == payloads.AT - 30


def test_an_event_of_somebody_known_by_user_id_only_is_looked_up() -> None:
    item = {"type": "event", "event_name": "x", "user_id": "user-7"}
    effect = tell("event.created", item)
    assert (effect.records, effect.refetch[0].kind) == ((), "person")


def test_topics_without_a_name_make_no_event() -> None:
    for topic in ("conversation.read", "conversation.priority.updated", "contact.user.updated"):
        item = payloads.contact() if topic.startswith("contact.") else payloads.conversation()
        assert every(tell(topic, item), EventRecord) == []
