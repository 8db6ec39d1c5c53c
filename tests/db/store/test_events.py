"""Each fact stands once on each timeline, also of people who become known later."""

from pulsescore.store import dirty
from pulsescore.store.derived_events import append_derived_events
from pulsescore.store.models import TimelineEvent
from tests.db.store.conftest import Store
from tests.unit.store.builders import NOON, contact, event, talk


def test_an_event_is_told_once_per_customer(store: Store) -> None:
    store.apply(contact("ann"), contact("bob"), event("e1", contacts=["ann", "bob"]))
    again = store.apply(event("e1", contacts=["ann", "bob"], name="Other"))
    assert again.counts == {"event.unchanged": 2}
    assert store.events_of("ann") == store.events_of("bob") == ["e1"]


def test_an_event_keeps_all_it_says(store: Store) -> None:
    told = {"topic": "conversation.user.replied", "n": 1}
    store.apply(contact(), event("e1", contacts=["ann"], properties=told, context={"c": [1]}))
    row = TimelineEvent.objects.for_org(store.org_id).get()
    assert (row.properties, row.context, row.occurred_at) == (told, {"c": [1]}, NOON)
    assert (row.source, row.name) == ("intercom", "User replied to conversation")


def test_events_alone_move_no_score_but_have_segments_looked_at(store: Store) -> None:
    store.apply(contact())
    dirty.claim(store.org_id, 10)
    assert not store.apply(event("e1", contacts=["ann"])).customers
    assert len(dirty.claim(store.org_id, 10)) == 1
    store.apply(event("e1", contacts=["ann"]))
    assert dirty.claim(store.org_id, 10) == []


def test_an_event_of_a_conversation_is_for_all_its_people(store: Store) -> None:
    store.apply(contact("ann"), contact("bob"), talk(contacts=["ann", "bob"]))
    store.apply(event("e1", conversation="c1"))
    assert store.events_of("ann") == store.events_of("bob") == ["e1"]


def test_an_event_waits_for_people_who_are_not_known_yet(store: Store) -> None:
    store.apply(contact("ann"), event("e1", contacts=["ann", "bob"]))
    store.apply(contact("bob"))
    assert store.events_of("ann") == store.events_of("bob") == ["e1"]
    assert store.held() == {}


def test_an_event_of_an_unknown_conversation_waits_for_it_and_its_people(store: Store) -> None:
    store.apply(event("e1", conversation="c1"))
    store.apply(contact("ann"), talk(contacts=["ann", "bob"]))
    assert store.events_of("ann") == ["e1"]
    store.apply(contact("bob"))
    assert store.events_of("bob") == ["e1"]
    assert store.held() == {}


def test_a_hostile_event_is_left_out_and_the_rest_goes_on(store: Store) -> None:
    changed = store.apply(
        contact(),
        event("big", contacts=["ann"], properties={"text": "x" * 300_000}),
        event("nul\0" * 200, contacts=["ann"], properties={"t\0": "a\ud800"}),
    )
    assert changed.counts["event.malformed"] == 1
    (key,) = store.events_of()
    assert len(key) == 32


def test_derived_events_are_told_once(store: Store) -> None:
    store.apply(contact())
    query = (
        "SELECT id, 'First health score', now(), '{}'::jsonb, 'score:first'"
        " FROM store_customer WHERE org_id = %(org_id)s"
    )
    first = append_derived_events(org_id=store.org_id, query=query, parameters={})
    again = append_derived_events(org_id=store.org_id, query=query, parameters={})
    assert (first, again) == (1, 0)
    assert store.events_of() == ["score:first"]
