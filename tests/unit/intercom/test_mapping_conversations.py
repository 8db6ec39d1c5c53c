"""A conversation with its state, statistics and people, in both generations of payloads."""

from typing import Any

import pytest
from msgspec import UNSET

from pulsescore.connectors.intercom import mapping
from pulsescore.connectors.intercom.api.schemas import Conversation
from pulsescore.store.records import ConversationRecord
from tests.unit.intercom.builders import CREATED, OBSERVED_AT, UPDATED, conversation, utc

STATISTICS = {
    "type": "conversation_statistics",
    "time_to_admin_reply": 600,
    "time_to_last_close": 7200,
    "first_contact_reply_at": CREATED,
    "first_admin_reply_at": CREATED + 900,
    "last_admin_reply_at": CREATED + 1000,
    "last_contact_reply_at": CREATED + 950,
    "first_close_at": CREATED + 7000,
    "last_close_at": CREATED + 9000,
    "count_reopens": 2,
    "count_assignments": 3,
}


def record(one: Conversation) -> ConversationRecord:
    return mapping.conversation_to_record(one, tag_names={"9": "by table"}, observed_at=OBSERVED_AT)


@pytest.mark.parametrize("state", ["open", "closed", "snoozed"])
def test_the_state_is_the_status_even_where_open_says_otherwise(state: str) -> None:
    assert record(conversation(state=state, open=True)).status == state


def test_without_a_state_open_decides() -> None:
    bare = Conversation(id="7", open=False)
    assert record(bare).status == "closed"


def test_statistics_become_durations_counts_and_instants() -> None:
    made = record(conversation(statistics=STATISTICS))
    assert made.time_to_first_response_secs == 600
    assert made.time_to_resolution_secs == 7200
    assert (made.reopens, made.assignments) == (2, 3)
    assert made.closed_at == utc(CREATED + 9000)
    assert made.first_closed_at == utc(CREATED + 7000)
    assert made.first_admin_reply_at == utc(CREATED + 900)
    assert made.last_admin_reply_at == utc(CREATED + 1000)
    assert made.last_contact_reply_at == utc(CREATED + 950)


def test_a_duration_that_was_not_measured_stays_empty() -> None:
    statistics = {**STATISTICS, "time_to_admin_reply": None, "time_to_last_close": None}
    made = record(conversation(statistics=statistics))
    assert made.time_to_first_response_secs is None
    assert made.time_to_resolution_secs is None


def test_a_payload_without_the_member_is_measured_by_the_clock() -> None:
    old = {name: value for name, value in STATISTICS.items() if not name.startswith("time_to")}
    made = record(conversation(statistics=old))
    assert made.time_to_first_response_secs == 900
    assert made.time_to_resolution_secs == 9000


def test_the_clock_begins_with_the_conversation_where_no_contact_wrote() -> None:
    old = {"first_contact_reply_at": None, "last_close_at": CREATED + 50}
    assert record(conversation(statistics=old)).time_to_resolution_secs == 50


def test_null_statistics_are_empty_and_absent_ones_say_nothing() -> None:
    empty, absent = record(conversation(statistics=None)), record(conversation())
    assert (empty.time_to_resolution_secs, empty.reopens, empty.statistics) == (None, 0, {})
    assert (absent.time_to_resolution_secs, absent.reopens) == (UNSET, UNSET)


def test_text_times_of_older_webhooks_give_the_same_statistics() -> None:
    old: dict[str, Any] = {
        name: utc(value).isoformat() if name.endswith("_at") else value
        for name, value in STATISTICS.items()
    }
    assert record(conversation(statistics=old)) == record(conversation(statistics=STATISTICS))


@pytest.mark.parametrize(
    ("told", "normal"),
    [("priority", "high"), ("not_priority", "none"), ("urgent", "urgent"), (None, None)],
)
def test_priorities_are_in_the_words_of_today(told: str | None, normal: str | None) -> None:
    assert record(conversation(priority=told)).priority == normal


@pytest.mark.parametrize(("told", "expected"), [(0, None), (None, None), (814, "814"), ("5", "5")])
def test_nobody_is_assigned_in_every_version(told: object, expected: str | None) -> None:
    made = record(conversation(admin_assignee_id=told, team_assignee_id=told))
    assert made.assignee_external_id == made.team_external_id == expected


def test_the_subject_is_plain_text_and_falls_back_to_the_title() -> None:
    source = {"type": "email", "subject": "<p>Re: A &amp; B</p>", "author": {"type": "user"}}
    assert record(conversation(source=source, title="T")).subject == "Re: A & B"
    assert record(conversation(source={"subject": ""}, title="T")).subject == "T"
    assert record(conversation(source=None, title=None)).subject is None
    assert record(conversation()).subject is UNSET


def test_the_source_tells_channel_and_author() -> None:
    source = {
        "type": "email",
        "delivered_as": "customer_initiated",
        "author": {"type": "user", "id": "1"},
    }
    made = record(conversation(source=source))
    assert (made.source_type, made.delivered_as, made.author_type) == (
        "email",
        "customer_initiated",
        "user",
    )


def test_tags_come_by_name_or_through_the_table() -> None:
    tags = {"tags": [{"id": "1", "name": "billing"}, {"id": "9"}]}
    assert record(conversation(tags=tags)).tags == ["billing", "by table"]


def test_all_its_people_take_part() -> None:
    people = {"contacts": [{"type": "contact", "id": "a"}, {"id": "b"}]}
    assert record(conversation(contacts=people)).contacts == ["a", "b"]


def test_a_rating_asked_for_and_not_given_is_none() -> None:
    made = record(conversation(conversation_rating={"rating": None, "remark": None}))
    assert (made.rating, made.rating_remark) == (None, None)
    given = record(conversation(conversation_rating={"rating": 4, "remark": "fine"}))
    assert (given.rating, given.rating_remark) == (4, "fine")


def test_waiting_and_snoozing_are_instants_or_over() -> None:
    made = record(conversation(waiting_since=UPDATED, snoozed_until=None))
    assert (made.waiting_since, made.snoozed_until) == (utc(UPDATED), None)


def test_an_id_beyond_thirty_two_bits_is_kept_as_text() -> None:
    assert record(conversation(id=215472621202693)).external_id == "215472621202693"


def test_an_unknown_state_is_refused() -> None:
    with pytest.raises(ValueError, match="state"):
        record(conversation(state="pending"))
