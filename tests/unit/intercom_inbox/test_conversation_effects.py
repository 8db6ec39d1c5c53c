"""What topics about conversations do, in each vocabulary and generation of payload."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec import UNSET

from pulsescore.connectors.intercom.inbox.effects.telling import CannotUnderstand, Refetch
from pulsescore.store.records import (
    ActivityRecord,
    ConversationRecord,
    CustomerRecord,
    DeletionRecord,
    EventRecord,
)
from tests.unit.intercom_inbox import payloads
from tests.unit.intercom_inbox.telling import AT, every, only, tell

READ_AGAIN = [Refetch("conversation", payloads.TALK)]
SLIM: dict[str, Any] = {"type": "conversation", "id": payloads.TALK}


def _kinds(topic: str, item: dict) -> list[str]:
    return [record.kind for record in every(tell(topic, item), ActivityRecord)]


def test_a_full_payload_tells_everything_and_needs_no_reading() -> None:
    effect = tell("conversation.user.replied", payloads.conversation(payloads.part()))
    record = only(effect, ConversationRecord)
    assert (record.external_id, record.status, record.version) == (payloads.TALK, "open", AT)
    assert (record.subject, record.tags) == ("Export", ["vip"])
    assert (record.reopens, record.assignments) == (1, 2)
    assert (record.time_to_first_response_secs, record.time_to_resolution_secs) == (120, 7200)
    assert record.contacts == [payloads.ADA]
    assert effect.refetch == []


def test_statistics_as_iso_text_are_the_same_as_unix_seconds() -> None:
    numbers = payloads.conversation(payloads.part())
    texts = payloads.conversation(
        payloads.part(),
        statistics=payloads.statistics(
            first_contact_reply_at="2026-01-10T02:09:55.000Z",
            first_admin_reply_at="2026-01-10T02:11:55.900Z",
            first_close_at="2026-01-10T03:09:55.000+00:00",
            last_contact_reply_at="2026-01-10T04:34:55.000Z",
            last_admin_reply_at="2026-01-10T04:36:35.000Z",
            last_close_at="2026-01-10T04:09:55.465Z",
        ),
    )
    topic = "conversation.user.replied"
    assert only(tell(topic, texts), ConversationRecord) == only(
        tell(topic, numbers), ConversationRecord
    )


def test_the_older_shape_tells_the_same_facts_as_far_as_it_goes() -> None:
    present = only(tell("conversation.user.replied", payloads.conversation()), ConversationRecord)
    effect = tell("conversation.user.replied", payloads.older_conversation())
    older = only(effect, ConversationRecord)
    for field in ("status", "subject", "opened_at", "version", "assignee_external_id"):
        assert getattr(older, field) == getattr(present, field), field
    assert (older.contacts, older.contacts_added) == (UNSET, [payloads.ADA])
    assert (older.reopens, older.tags, older.team_external_id) == (UNSET, UNSET, UNSET)
    assert effect.refetch == READ_AGAIN


@pytest.mark.parametrize(
    "topic", ["conversation.admin.opened", "conversation.reopened"], ids=["intercom", "guide"]
)
@pytest.mark.parametrize(
    "item",
    [payloads.conversation(), payloads.older_conversation(), SLIM],
    ids=["present", "older", "slim"],
)
def test_a_reopening_in_any_words_opens_and_counts_once(topic: str, item: dict) -> None:
    effect = tell(topic, item)
    assert only(effect, ConversationRecord).status == "open"
    assert every(effect, ActivityRecord) == [
        ActivityRecord(conversation=payloads.TALK, kind="reopened", at=AT)
    ]


@pytest.mark.parametrize(
    ("topic", "status"),
    [
        ("conversation.closed", "closed"),
        ("conversation.admin.closed", "closed"),
        ("conversation.admin.snoozed", "snoozed"),
        ("conversation.admin.unsnoozed", "open"),
        ("conversation.updated", UNSET),
        ("conversation.assigned", UNSET),
    ],
)
def test_the_topic_tells_the_status_where_the_payload_does_not(topic: str, status: Any) -> None:
    effect = tell(topic, SLIM)
    assert only(effect, ConversationRecord).status == status
    assert effect.refetch == READ_AGAIN


def test_the_payload_knows_its_status_better_than_the_topic() -> None:
    item = payloads.conversation(state="closed", open=False)
    assert only(tell("conversation.admin.opened", item), ConversationRecord).status == "closed"


def test_open_without_state_is_read_with_the_snooze_in_mind() -> None:
    item = {**SLIM, "open": True, "snoozed_until": payloads.AT + 900}
    assert only(tell("conversation.updated", item), ConversationRecord).status == "snoozed"


def test_a_customers_reply_that_opens_a_closed_conversation_is_a_reopening() -> None:
    replied = payloads.older_conversation(payloads.part(part_type="open"))
    assert _kinds("conversation.user.replied", replied) == ["reopened"]
    assert _kinds("conversation.user.replied", payloads.conversation(payloads.part())) == []


@pytest.mark.parametrize(
    ("topic", "item", "at"),
    [
        ("conversation.user.replied", payloads.conversation(payloads.part()), 0),
        ("conversation.updated", payloads.older_conversation(payloads.part()), 0),
        ("conversation.user.created", payloads.conversation(), -9000),
        ("conversation.created", payloads.older_conversation(), -9000),
    ],
)
def test_a_contact_that_wrote_has_replied(topic: str, item: dict, at: int) -> None:
    customer = only(tell(topic, item), CustomerRecord)
    assert customer.external_id == payloads.ADA
    assert customer.last_replied_at == AT + timedelta(seconds=at)
    assert (customer.email, customer.attributes) == (UNSET, UNSET)


@pytest.mark.parametrize("kind", ["admin", "bot", "team", None])
def test_nobody_else_replies_for_the_contact(kind: str | None) -> None:
    item = payloads.conversation(payloads.part(author={"type": kind, "id": "991"}))
    assert every(tell("conversation.admin.replied", item), CustomerRecord) == []


def test_assigning_and_reopening_at_once_counts_as_both() -> None:
    item = payloads.conversation(payloads.part(part_type="assign_and_reopen"))
    assert _kinds("conversation.admin.assigned", item) == ["assigned", "reopened"]


@pytest.mark.parametrize(
    ("topic", "kind"),
    [
        ("conversation.assigned", "assigned"),
        ("conversation.admin.assigned", "assigned"),
        ("conversation.admin.open.assigned", "assigned"),
        ("conversation.closed", "closed"),
        ("conversation.created", "opened"),
        ("conversation.user.created", "opened"),
    ],
)
def test_what_happened_is_told_once_per_notification(topic: str, kind: str) -> None:
    assert _kinds(topic, payloads.conversation()) == [kind]


def test_statistics_in_part_leave_the_rest_untold() -> None:
    item = payloads.conversation(statistics={"count_reopens": 3})
    effect = tell("conversation.updated", item)
    record = only(effect, ConversationRecord)
    assert record.reopens == 3
    assert (record.assignments, record.time_to_resolution_secs) == (UNSET, UNSET)
    assert record.statistics is UNSET
    assert effect.refetch == READ_AGAIN


def test_nobody_assigned_is_told_as_nobody() -> None:
    item = payloads.older_conversation(assignee={"type": "nobody_admin", "id": None})
    record = only(tell("conversation.updated", item), ConversationRecord)
    assert (record.assignee_external_id, record.team_external_id) == (None, None)
    unassigned = payloads.conversation(admin_assignee_id=0)
    record = only(tell("conversation.updated", unassigned), ConversationRecord)
    assert record.assignee_external_id is None


def _internal(**changes: Any) -> dict:
    model = {"id": int(payloads.TALK), "user_id": 4, "app_id": 9, "updated_at": payloads.AT_ISO}
    return {
        "conversation": {"parts": [], "options": {}, "model": model},
        "contact": payloads.contact(),
    } | changes


def test_an_attached_contact_joins_the_conversation() -> None:
    effect = tell("conversation.contact.attached", _internal())
    record = only(effect, ConversationRecord)
    assert (record.external_id, record.contacts_added) == (payloads.TALK, [payloads.ADA])
    assert only(effect, CustomerRecord).external_id == payloads.ADA
    assert effect.refetch == READ_AGAIN


def test_a_detached_contact_leaves_the_conversation() -> None:
    record = only(tell("conversation.contact.detached", _internal()), ConversationRecord)
    assert record.contacts_removed == [payloads.ADA]


def test_a_deleted_conversation_has_another_key_for_its_id() -> None:
    item = {"type": "conversation", "conversation_id": payloads.TALK}
    (record,) = tell("conversation.deleted", item).records
    assert record == DeletionRecord(kind="conversation", external_id=payloads.TALK, at=AT)


def test_a_rating_is_read() -> None:
    rating = {"rating": 5, "remark": "great", "created_at": payloads.AT}
    item = payloads.conversation(conversation_rating=rating)
    record = only(tell("conversation.rating.added", item), ConversationRecord)
    assert (record.rating, record.rating_remark) == (5, "great")
    assert every(tell("conversation.rating.added", item), EventRecord) == []


@pytest.mark.parametrize("item", [{}, {"id": {"a": 1}}, {"type": "conversation"}])
def test_a_payload_without_an_id_cannot_be_understood(item: dict) -> None:
    with pytest.raises(CannotUnderstand, match="conversation id"):
        tell("conversation.updated", item)


@pytest.mark.parametrize("topic", ["conversation.closed", "conversation.admin.closed"])
@pytest.mark.parametrize("told", [{}, {"statistics": None}])
def test_a_closing_without_statistics_tells_when_it_was_closed(topic: str, told: dict) -> None:
    assert only(tell(topic, {**SLIM, **told}), ConversationRecord).closed_at == AT


def test_a_closing_with_statistics_keeps_the_instant_that_they_tell() -> None:
    item = payloads.conversation(state="closed", open=False)
    told = payloads.statistics()["last_close_at"]
    closed_at = only(tell("conversation.closed", item), ConversationRecord).closed_at
    assert (closed_at.timestamp() if closed_at else None) == told
