"""What pages and the API read."""

import pytest

from pulsescore.core.errors import NotFound
from pulsescore.store import queries, sources
from pulsescore.store.queries import Counts
from pulsescore.store.records import DeletionRecord
from tests.db.store.conftest import Store, new_store
from tests.unit.store.builders import at, company, contact, event, talk


@pytest.fixture
def filled(store: Store) -> Store:
    store.apply(
        company("acme", name="Acme"),
        company("beta", name="Beta"),
        contact("ann", name="Ann", companies=["acme"]),
        contact("bob", name="Bob", companies=["acme", "beta"]),
        contact("eve", email=None),
        contact("gone"),
        talk("old", opened_at=at(1), contacts=["ann"]),
        talk("new", opened_at=at(9), contacts=["ann", "bob"], status="closed"),
        talk("lost", contacts=["gone"]),
        talk("alone", contacts=["eve"]),
        event("e1", contacts=["ann"], occurred_at=at(1)),
        event("e2", contacts=["ann"], occurred_at=at(2), name="Added Tag"),
        event("waiting", contacts=["eve"]),
        DeletionRecord(kind="customer", external_id="gone", at=at(5)),
        DeletionRecord(kind="conversation", external_id="lost", at=at(5)),
    )
    return store


def test_a_customer_is_found_only_in_its_organization(filled: Store) -> None:
    ann = filled.customer()
    assert queries.get_customer(filled.org_id, ann.pk) == ann
    for org_id, customer_id in ((new_store("Other").org_id, ann.pk), (filled.org_id, 2**70)):
        with pytest.raises(NotFound):
            queries.get_customer(org_id, customer_id)


def test_conversations_come_newest_first_without_deleted_ones(filled: Store) -> None:
    found = queries.list_conversations(filled.org_id, filled.customer().pk)
    assert [one.external_id for one in found] == ["new", "old"]
    assert not queries.list_conversations(filled.org_id, filled.customer("gone").pk)
    assert queries.count_open_conversations(filled.org_id, filled.customer().pk) == 1


def test_people_of_conversations_take_one_query(
    filled: Store, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    ids = [filled.talk("old").pk, filled.talk("new").pk]
    with django_assert_num_queries(1):  # type: ignore[operator]
        people = queries.people_of(filled.org_id, ids)
    assert [[one.name for one in people[talk_id]] for talk_id in ids] == [["Ann"], ["Ann", "Bob"]]


def test_the_timeline_is_filtered(filled: Store) -> None:
    def keys(**filters: object) -> list[str]:
        found = queries.list_events(filled.org_id, filled.customer().pk, **filters)  # type: ignore[arg-type]
        return [one.dedupe_key for one in found]

    assert keys() == ["e2", "e1"]
    assert keys(name="Added Tag") == ["e2"]
    assert keys(source="pulsescore") == []
    assert keys(since=at(2)) == ["e2"]
    assert keys(until=at(1)) == ["e1"]
    assert queries.list_event_kinds(filled.org_id, filled.customer().pk) == [
        ("intercom", "Added Tag"),
        ("intercom", "User replied to conversation"),
    ]


def test_the_timeline_goes_on_into_the_past(filled: Store) -> None:
    found = queries.list_events(filled.org_id, filled.customer().pk)
    newest = found[0]
    assert [one.dedupe_key for one in queries.older_events(found, newest.pk)] == ["e1"]
    assert queries.older_events(found, found[1].pk).count() == 0
    assert queries.older_events(found, 10**12).count() == 2


def test_a_company_is_found_by_its_id(filled: Store) -> None:
    assert queries.get_company(filled.org_id, filled.company("acme").pk).name == "Acme"


def test_counts_tell_what_is_stored_and_what_waits(filled: Store) -> None:
    assert queries.counts(filled.org_id, filled.source_id) == Counts(
        customers=2, conversations=2, companies=2, held_contacts=1, held_conversations=1
    )


def test_held_records_are_listed_with_their_reason(filled: Store) -> None:
    found = queries.list_held(filled.org_id, filled.source_id)
    assert [(one.kind, one.external_id, one.reason) for one in found] == [
        ("conversation", "alone", "no_contact"),
        ("customer", "eve", "no_email"),
    ]
    assert queries.list_held(filled.org_id, filled.source_id, reason="no_email").count() == 1
    assert queries.list_held(filled.org_id, filled.source_id, kind="company").count() == 0


def test_sources_are_of_their_organization(store: Store) -> None:
    assert sources.get_source(store.org_id, store.source_id).kind == "intercom"
    assert [one.pk for one in sources.list_sources(store.org_id)] == [store.source_id]
    with pytest.raises(NotFound):
        sources.get_source(new_store("Other").org_id, store.source_id)
