"""Of many notifications about one conversation only the newest whole one is read for its fields."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pulsescore.connectors.intercom.inbox.effects.table import effect_of
from pulsescore.connectors.intercom.inbox.effects.telling import Effect
from pulsescore.connectors.intercom.inbox.envelope import Notification, parse
from pulsescore.connectors.intercom.inbox.superseding import Superseding
from pulsescore.store.door import Unacceptable, admit
from pulsescore.store.kinds import CONVERSATION
from pulsescore.store.merge import State, merge, start
from pulsescore.store.records import ActivityRecord, ConversationRecord, EventRecord, Record
from tests.unit.intercom_inbox import payloads
from tests.unit.intercom_inbox.payloads import AT
from tests.unit.intercom_inbox.telling import ARRIVED, WORKSPACE

Json = dict[str, Any]

OMITTED = ("state", "open", "source", "title", "statistics", "tags", "contacts", "priority")
STATES = ("open", "closed", "snoozed")
TOPICS = (
    "conversation.admin.closed",
    "conversation.admin.replied",
    "conversation.updated",
    "conversation_part.tag.created",
    "conversation.admin.snoozed",
)


def told(second: int, *, topic: str = "conversation.admin.replied", **changes: Any) -> Notification:
    item = payloads.conversation(updated_at=AT + second, **changes)
    return parse(payloads.body(topic, item, created_at=AT + second, id=f"notif_{second}"))


def together(notifications: Sequence[Notification], *, newer: Superseding | None) -> list[Effect]:
    """Their effects in the order of arrival, planned from the newest back, as a batch is."""
    effects = [
        effect_of(one, workspace=WORKSPACE, received_at=ARRIVED, newer=newer)
        for one in reversed(notifications)
    ]
    return effects[::-1]


def records(effects: Sequence[Effect], kind: type[Record]) -> list[Any]:
    return [one for effect in effects for one in effect.records if isinstance(one, kind)]


def state_after(effects: Sequence[Effect]) -> State | None:
    state: State | None = None
    for record in records(effects, ConversationRecord):
        try:
            entry = admit(CONVERSATION, record)
        except Unacceptable:
            continue
        state = start(CONVERSATION, entry) if state is None else merge(CONVERSATION, state, entry)
    return state


def read(*notifications: Notification) -> int:
    """How many of them are read for the conversation's fields."""
    return len(records(together(notifications, newer=Superseding()), ConversationRecord))


def test_the_newest_whole_one_spares_reading_the_others() -> None:
    assert read(told(0), told(1), told(2)) == 1


def test_what_happened_is_told_by_each_all_the_same() -> None:
    closings = [told(second, topic="conversation.admin.closed") for second in range(3)]
    effects = together(closings, newer=Superseding())
    assert [one.at.timestamp() - AT for one in records(effects, ActivityRecord)] == [0, 1, 2]
    assert len(records(effects, EventRecord)) == 3


def test_another_conversation_is_read_for_itself() -> None:
    assert read(told(0), told(1, id="another")) == 2


def test_two_of_one_second_are_both_read_since_nothing_says_which_is_newer() -> None:
    assert read(told(1), told(1, state="closed")) == 2


def test_an_older_one_that_arrives_later_is_read() -> None:
    assert read(told(1), told(0)) == 2


def test_one_that_tells_what_the_newer_leaves_open_is_read() -> None:
    rated = told(0, conversation_rating={"rating": 5, "remark": "Fine"})
    assert read(rated, told(1)) == 2


def test_the_older_generation_is_read_since_its_list_of_people_is_not_whole() -> None:
    older = parse(payloads.body("conversation.admin.replied", payloads.older_conversation()))
    assert read(older, told(1)) == 2


def test_one_that_the_store_would_refuse_hides_nothing() -> None:
    assert read(told(0), told(1, priority="x" * 17)) == 2


def _varied(
    second: int, topic: str, omitted: set[str], state: str, rating: Json | None
) -> Notification:
    item = payloads.conversation(
        updated_at=AT + second, state=state, open=state != "closed", conversation_rating=rating
    )
    kept = {name: value for name, value in item.items() if name not in omitted}
    return parse(payloads.body(topic, kept, created_at=AT + second, id=f"notif_{second}"))


varied = st.builds(
    _varied,
    st.integers(0, 5),
    st.sampled_from(TOPICS),
    st.sets(st.sampled_from(OMITTED), max_size=2),
    st.sampled_from(STATES),
    st.sampled_from([None, {"rating": 2, "remark": None}]),
)


@given(st.lists(varied, max_size=8))
def test_the_conversation_ends_the_same_as_if_each_had_been_read(told: list[Notification]) -> None:
    apart = together(told, newer=None)
    at_once = together(told, newer=Superseding())
    assert state_after(at_once) == state_after(apart)
    for kind in (ActivityRecord, EventRecord):
        assert records(at_once, kind) == records(apart, kind)
