"""What topics about people do, in each vocabulary and generation of payload."""

from datetime import UTC, datetime

import msgspec
import pytest
from msgspec import UNSET

from pulsescore.connectors.intercom.inbox.effects.telling import CannotUnderstand, Refetch
from pulsescore.store.records import CustomerRecord, DeletionRecord, EventRecord, MergeRecord
from tests.unit.intercom_inbox import payloads
from tests.unit.intercom_inbox.telling import AT, WORKSPACE, every, only, tell


@pytest.mark.parametrize(
    "topic",
    ["contact.created", "contact.updated", "contact.user.created", "contact.user.updated"],
)
def test_a_contact_becomes_a_customer_with_times_to_the_second(topic: str) -> None:
    effect = tell(topic, payloads.contact())
    customer = only(effect, CustomerRecord)
    assert customer.external_id == payloads.ADA
    assert customer.version == AT
    assert customer.last_seen_at == datetime(2026, 1, 9, 8, 0, tzinfo=UTC)
    assert customer.tags == ["vip"]
    assert customer.metadata == {"plan": "pro", "seats": 4}
    assert (customer.contact_role, customer.external_user_id) == ("user", "user-7")
    assert effect.refetch == []


def test_the_older_shape_tells_the_same_facts() -> None:
    present = only(tell("contact.user.created", payloads.contact()), CustomerRecord)
    older = only(tell("user.created", payloads.older_user()), CustomerRecord)
    for field in CustomerRecord.__struct_fields__:
        if field in older.__struct_fields__ and getattr(older, field) not in (UNSET, None, []):
            assert getattr(older, field) == getattr(present, field), field


def test_the_older_shape_has_the_contact_read_again() -> None:
    effect = tell("user.created", payloads.older_user())
    assert effect.refetch == [Refetch("contact", payloads.ADA)]


@pytest.mark.parametrize(
    ("item", "role"),
    [
        (payloads.older_user(type="contact", anonymous=True), "lead"),
        (payloads.contact(role="user"), "user"),
        (payloads.contact(role="lead"), "lead"),
    ],
)
def test_contact_created_means_a_lead_only_where_the_payload_says_so(item: dict, role: str) -> None:
    assert only(tell("contact.created", item), CustomerRecord).contact_role == role


def test_a_slim_payload_blanks_nothing() -> None:
    slim = {"type": "contact", "id": payloads.ADA, "name": "Ada Lovelace"}
    effect = tell("contact.updated", slim)
    customer = only(effect, CustomerRecord)
    told = {
        field
        for field in customer.__struct_fields__
        if getattr(customer, field) not in (UNSET, [], None)
    }
    assert told == {"external_id", "observed_at", "name", "authoritative"}
    assert effect.refetch == [Refetch("contact", payloads.ADA)]


def test_a_part_of_the_attributes_does_not_replace_all_of_them() -> None:
    effect = tell("contact.updated", {"id": payloads.ADA, "role": "user", "email": "a@b.example"})
    assert only(effect, CustomerRecord).attributes is UNSET


def test_an_empty_list_of_tags_in_the_older_shape_says_nothing() -> None:
    item = payloads.older_user(tags={"type": "tag.list", "tags": []})
    assert only(tell("user.created", item), CustomerRecord).tags is UNSET


def test_a_tag_whose_name_is_unknown_has_the_contact_read_again() -> None:
    tags = {"type": "list", "data": [{"type": "tag", "id": "999"}], "total_count": 1}
    effect = tell("contact.user.updated", payloads.contact(tags=tags))
    assert only(effect, CustomerRecord).tags is UNSET
    assert effect.refetch == [Refetch("contact", payloads.ADA)]


@pytest.mark.parametrize(
    ("topic", "item"),
    [
        ("contact.email.updated", payloads.contact()),
        ("contact.lead.added_email", payloads.contact(role="lead")),
        ("user.email.updated", payloads.older_user()),
        ("contact.added_email", payloads.older_user(anonymous=True)),
    ],
)
def test_a_new_address_is_a_field_and_a_timeline_event(topic: str, item: dict) -> None:
    effect = tell(topic, item)
    event = only(effect, EventRecord)
    assert only(effect, CustomerRecord).email == "ada@example.com"
    assert event.name == "Updated email address"
    assert event.properties == {"topic": topic, "email": "ada@example.com"}
    assert (event.contacts, event.occurred_at) == ([payloads.ADA], AT)


def _tag_item(person: str, of: dict) -> dict:
    return {"type": f"{person}_tag", "tag": {"type": "tag", "id": "72", "name": "beta"}, person: of}


@pytest.mark.parametrize(
    ("topic", "item"),
    [
        ("contact.user.tag.created", _tag_item("contact", payloads.contact())),
        ("contact.lead.tag.created", _tag_item("contact", payloads.contact(role="lead"))),
        ("user.tag.created", _tag_item("user", payloads.older_user())),
        ("contact.tag.created", _tag_item("contact", payloads.older_user(anonymous=True))),
    ],
)
def test_tagging_adds_the_tag_by_name_and_tells_it(topic: str, item: dict) -> None:
    effect = tell(topic, item)
    customer = only(effect, CustomerRecord)
    assert (customer.tags, customer.tags_added) == (UNSET, ["beta"])
    event = only(effect, EventRecord)
    assert (event.name, event.properties["tag"]) == ("Added Tag", "beta")


def test_untagging_removes_the_tag_and_tells_it() -> None:
    effect = tell("contact.user.tag.deleted", _tag_item("contact", payloads.contact()))
    assert only(effect, CustomerRecord).tags_removed == ["beta"]
    assert only(effect, EventRecord).name == "Removed Tag"


def test_a_tag_that_mirrors_one_of_our_segments_makes_no_event() -> None:
    mirrored = msgspec.structs.replace(WORKSPACE, mirrored_tags=frozenset({"beta"}))
    item = _tag_item("contact", payloads.contact())
    effect = tell("contact.user.tag.deleted", item, of=mirrored)
    assert every(effect, EventRecord) == []
    assert only(effect, CustomerRecord).tags_removed == ["beta"]


@pytest.mark.parametrize(
    ("topic", "item"),
    [
        (
            "contact.unsubscribed",
            {"type": "contact_unsubscribe", "contact": {"type": "contact", "id": payloads.ADA}},
        ),
        ("user.unsubscribed", payloads.older_user(unsubscribed_from_emails=True)),
    ],
)
def test_unsubscribing_is_a_field_and_a_timeline_event(topic: str, item: dict) -> None:
    effect = tell(topic, item)
    assert only(effect, CustomerRecord).unsubscribed_from_emails is True
    assert only(effect, EventRecord).name == "Unsubscribed from emails"


@pytest.mark.parametrize(
    ("topic", "item"),
    [
        ("contact.lead.signed_up", payloads.contact(role="lead")),
        ("contact.signed_up", payloads.older_user(anonymous=True)),
        ("visitor.signed_up", payloads.older_user()),
    ],
)
def test_who_signed_up_is_a_user_under_the_same_id(topic: str, item: dict) -> None:
    customer = only(tell(topic, item), CustomerRecord)
    assert (customer.external_id, customer.contact_role) == (payloads.ADA, "user")


@pytest.mark.parametrize(
    ("topic", "item", "reason"),
    [
        ("contact.deleted", {"id": payloads.ADA, "type": "contact", "deleted": True}, "deleted"),
        ("user.deleted", {"id": payloads.ADA, "type": "user", "user_id": "7"}, "deleted"),
        ("contact.archived", {"id": payloads.ADA, "archived": True}, "archived"),
        ("contact.archive", {"id": payloads.ADA, "archived": True}, "archived"),
    ],
)
def test_an_end_leaves_a_tombstone(topic: str, item: dict, reason: str) -> None:
    (record,) = tell(topic, item).records
    assert record == DeletionRecord(kind="customer", external_id=payloads.ADA, at=AT, reason=reason)


def test_a_deleted_contact_is_looked_for_since_it_may_have_been_merged() -> None:
    effect = tell("contact.deleted", {"id": payloads.ADA})
    assert effect.refetch == [Refetch("contact", payloads.ADA)]


@pytest.mark.parametrize("topic", ["contact.unarchived", "contact.unarchive"])
def test_unarchiving_proves_the_contact_alive(topic: str) -> None:
    assert only(tell(topic, payloads.contact()), CustomerRecord).authoritative


def test_a_merge_points_the_other_contact_to_the_survivor() -> None:
    item = payloads.contact(merged_from={"type": "contact", "id": payloads.LEAD})
    effect = tell("contact.merged", item)
    merge = only(effect, MergeRecord)
    assert merge == MergeRecord(source=payloads.LEAD, target=payloads.ADA, at=AT)


def test_a_merge_that_does_not_say_of_whom_has_the_history_read() -> None:
    effect = tell("contact.merged", payloads.contact())
    assert every(effect, MergeRecord) == []
    assert effect.refetch == [Refetch("merges", payloads.ADA)]


def test_a_notification_from_the_future_counts_as_of_its_arrival() -> None:
    effect = tell("contact.deleted", {"id": payloads.ADA}, created_at=4_000_000_000)
    assert only(effect, DeletionRecord).at == datetime(2026, 1, 10, 4, 40, tzinfo=UTC)


@pytest.mark.parametrize("item", [{}, {"id": None}, {"id": []}, {"contact": {"name": "x"}}])
def test_a_payload_without_an_id_cannot_be_understood(item: dict) -> None:
    with pytest.raises(CannotUnderstand, match="contact id"):
        tell("contact.updated", item)
