"""Conversations belong to everybody we know in them, and wait while we know nobody."""

from itertools import permutations
from typing import Any

import pytest

from pulsescore.store.records import ActivityRecord, DeletionRecord, Malformed
from tests.db.store.conftest import Store, new_store
from tests.unit.store.builders import NOON, at, contact, event, partial_talk, talk


def test_a_conversation_is_linked_to_every_known_contact(store: Store) -> None:
    store.apply(contact("ann"), contact("bob"), talk(contacts=["ann", "bob", "eve"]))
    assert store.people_of() == ["ann", "bob"]
    assert store.talk().contact_external_ids == ["ann", "bob", "eve"]
    assert store.talk().unknown_contacts == ["eve"]


def test_a_change_marks_all_its_people(store: Store) -> None:
    store.apply(contact("ann"), contact("bob"), talk(v=1, contacts=["ann", "bob"]))
    changed = store.apply(talk(v=2, status="closed", contacts=["ann", "bob"]))
    assert changed.customers == {store.customer("ann").pk, store.customer("bob").pk}
    assert store.talk().status == "closed"


def test_the_same_again_writes_no_row(store: Store) -> None:
    records = [
        contact(),
        talk(v=3, contacts=["ann", "eve"], reopens=1, assignments=1, tags=["x"]),
        talk("alone", contacts=["eve"]),
        partial_talk("slim", status="open"),
        ActivityRecord(conversation="c1", kind="reopened", at=at(9)),
        ActivityRecord(conversation="unknown", kind="reopened", at=at(9)),
        event("e1", conversation="c1"),
        event("e2", contacts=["eve"]),
        event("e3", conversation="nowhere"),
        DeletionRecord(kind="conversation", external_id="gone", at=at(3)),
        DeletionRecord(kind="company", external_id="gone", at=at(3)),
        Malformed(kind="conversation", external_id="bad", detail="bad", observed_at=at(1)),
    ]
    store.apply(*records)
    before = store.row_versions()
    again = store.apply(*records)
    assert store.row_versions() == before
    assert not again.customers


def test_without_a_known_contact_it_waits_and_enters_with_the_contact(store: Store) -> None:
    changed = store.apply(talk(contacts=["eve", "ann"]))
    assert changed.counts == {"conversation.held_no_contact": 1}
    assert store.held() == {"c1": "no_contact"}
    store.apply(contact("ann"))
    assert store.people_of() == ["ann"]
    assert store.held() == {}


def test_contact_and_conversation_in_one_call_meet_in_any_order(store: Store) -> None:
    store.apply(talk(), contact())
    assert store.people_of() == ["ann"]


def test_a_held_contact_counts_as_unknown_until_it_has_an_email(store: Store) -> None:
    store.apply(contact(v=1, email=None), talk())
    assert store.held() == {"ann": "no_email", "c1": "no_contact"}
    store.apply(contact(v=2))
    assert store.people_of() == ["ann"]


def test_a_contact_known_later_joins_stored_conversations(store: Store) -> None:
    store.apply(contact("ann"), talk(contacts=["ann", "eve"]))
    changed = store.apply(contact("eve"))
    assert store.people_of() == ["ann", "eve"]
    assert store.talk().unknown_contacts is None
    assert changed.customers == {store.customer("eve").pk}


def test_a_deleted_customer_is_still_known(store: Store) -> None:
    store.apply(contact(), DeletionRecord(kind="customer", external_id="ann", at=at(9)), talk())
    assert store.people_of() == ["ann"]


def test_a_slim_payload_of_an_unknown_conversation_asks_to_be_fetched(store: Store) -> None:
    slim = partial_talk(v=5, status="closed", contacts=["ann"])
    changed = store.apply(contact(), slim)
    assert changed.incomplete == (("conversation", "c1"),)
    assert store.held() == {"c1": "incomplete"}
    store.apply(talk(v=3, status="open", subject="Help"))
    assert (store.talk().status, store.talk().subject) == ("closed", "Help")
    assert store.held() == {}


def test_people_come_and_go(store: Store) -> None:
    store.apply(contact("ann"), contact("bob"), talk(v=1, contacts=["ann"]))
    changed = store.apply(partial_talk(v=2, contacts_added=["bob"], contacts_removed=["ann"]))
    assert store.people_of() == ["bob"]
    assert changed.customers == {store.customer("ann").pk, store.customer("bob").pk}


def test_a_deleted_conversation_marks_its_people(store: Store) -> None:
    store.apply(contact(), talk(v=1))
    changed = store.apply(DeletionRecord(kind="conversation", external_id="c1", at=at(5)))
    assert store.talk().deleted_at == at(5)
    assert changed.customers == {store.customer().pk}


def test_a_held_conversation_that_is_deleted_never_enters(store: Store) -> None:
    store.apply(talk(v=1), DeletionRecord(kind="conversation", external_id="c1", at=at(5)))
    assert store.held() == {}
    store.apply(talk(v=2), contact())
    assert store.talk().deleted_at == at(5)


def test_counts_are_statistics_plus_what_happened_since(store: Store) -> None:
    store.apply(
        contact(),
        talk(v=100, reopens=2, assignments=1),
        ActivityRecord(conversation="c1", kind="reopened", at=at(100)),
        ActivityRecord(conversation="c1", kind="reopened", at=at(101)),
        ActivityRecord(conversation="c1", kind="assigned", at=at(102)),
        ActivityRecord(conversation="c1", kind="closed", at=at(103)),
    )
    assert (store.talk().reopen_count, store.talk().assignment_count) == (3, 2)
    assert store.talk().status == "open"
    changed = store.apply(talk(v=200, reopens=3, assignments=2))
    assert (store.talk().reopen_count, store.talk().assignment_count) == (3, 2)
    assert changed.customers == {store.customer().pk}


def test_an_activity_told_twice_counts_once(store: Store) -> None:
    reopened = ActivityRecord(conversation="c1", kind="reopened", at=at(5))
    store.apply(contact(), talk(v=1), reopened, reopened)
    assert not store.apply(reopened).customers
    assert store.talk().reopen_count == 1


def test_two_reopenings_within_one_second_count_as_one_until_statistics_tell(
    store: Store,
) -> None:
    """One reopening is told by several topics of one second, so they cannot be told apart."""
    cycle = [
        ActivityRecord(conversation="c1", kind=kind, at=at(5.0 + n / 10))
        for n, kind in enumerate(("closed", "reopened", "closed", "reopened"))
    ]
    store.apply(contact(), talk(v=1, reopens=0, assignments=0), *cycle)
    assert store.talk().reopen_count == 1
    store.apply(talk(v=5, seen=9, reopens=2, assignments=0), *reversed(cycle))
    assert store.talk().reopen_count == 2


def test_without_statistics_all_activities_count(store: Store) -> None:
    reopened = ActivityRecord(conversation="c1", kind="reopened", at=at(-50))
    changed = store.apply(contact(), talk(v=1), reopened)
    assert store.talk().reopen_count == 1
    assert changed.customers == {store.customer().pk}


def test_a_slim_payload_keeps_the_version_of_the_statistics(store: Store) -> None:
    store.apply(contact(), talk(v=100, reopens=2, assignments=0))
    store.apply(
        partial_talk(v=150, status="open"),
        ActivityRecord(conversation="c1", kind="reopened", at=at(150)),
    )
    assert store.talk().reopen_count == 3


def test_an_activity_waits_for_its_conversation(store: Store) -> None:
    store.apply(ActivityRecord(conversation="c1", kind="reopened", at=at(5)))
    store.apply(contact(), talk(v=1))
    assert store.talk().reopen_count == 1
    assert store.held() == {}


STORY = [
    contact("ann"),
    talk(v=1, contacts=["ann", "bob"], reopens=0, assignments=0),
    partial_talk(v=5, status="closed", contacts_added=["eve"]),
    contact("bob", v=2),
    ActivityRecord(conversation="c1", kind="reopened", at=at(4)),
    event("e1", conversation="c1", occurred_at=NOON),
]


def seen(store: Store) -> tuple[Any, ...]:
    row = store.talk()
    events = {name: store.events_of(name) for name in ("ann", "bob")}
    return row.status, row.reopen_count, row.remote_updated_at, store.people_of(), events


@pytest.mark.django_db
def test_every_order_and_batching_ends_in_one_state() -> None:
    expected = ("closed", 1, at(5), ["ann", "bob"], {"ann": ["e1"], "bob": ["e1"]})
    for number, order in enumerate(permutations(STORY)):
        if number % 7:
            continue
        store = new_store()
        cut = number % (len(order) + 1)
        store.apply(*order[:cut])
        store.apply(*order[cut:])
        assert seen(store) == expected, [type(record).__name__ for record in order]
