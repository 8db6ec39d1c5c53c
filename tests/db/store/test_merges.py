"""A merged contact lives on in the survivor."""

from itertools import permutations

import pytest

from pulsescore.store.models import CompanyMember, Note, TimelineEvent
from pulsescore.store.records import MergeRecord
from tests.db.store.conftest import Store, new_store
from tests.unit.store.builders import NOON, at, company, contact, event, talk

MERGE = MergeRecord(source="lead", target="ann", at=at(50))


def test_the_survivor_takes_over_everything(store: Store) -> None:
    store.apply(
        contact("ann"),
        contact("lead"),
        talk(contacts=["lead"]),
        talk("both", contacts=["ann", "lead"]),
        event("e1", contacts=["lead"]),
        event("e2", contacts=["lead", "ann"]),
    )
    lead, ann = store.customer("lead"), store.customer("ann")
    Note(org_id=store.org_id, customer=lead, body="Nice", created_at=NOON).save()
    changed = store.apply(MERGE)
    lead.refresh_from_db()
    assert (lead.deleted_reason, lead.deleted_at, lead.merged_into) == ("merged", at(50), ann)
    assert store.people_of("c1") == store.people_of("both") == ["ann"]
    assert store.events_of("ann") == ["e1", "e2"]
    assert store.events_of("lead") == []
    assert Note.objects.for_org(store.org_id).get().customer == ann
    assert changed.customers == {lead.pk, ann.pk}


def test_events_keep_the_ids_by_which_later_stages_know_them(store: Store) -> None:
    store.apply(contact("ann"), contact("lead"), event("e1", contacts=["lead"]))
    before = TimelineEvent.objects.for_org(store.org_id).get()
    store.apply(MERGE)
    after = TimelineEvent.objects.for_org(store.org_id).get()
    assert (after.pk, after.customer) == (before.pk, store.customer("ann"))


def test_what_was_concluded_of_both_is_told_once_and_taken_from_nobody(store: Store) -> None:
    store.apply(contact("ann"), contact("lead"))
    for name in ("ann", "lead"):
        TimelineEvent(
            org_id=store.org_id,
            customer=store.customer(name),
            source="pulsescore",
            name="Entered segment",
            occurred_at=NOON,
            dedupe_key="segment.1.entered",
        ).save()
    store.apply(MERGE)
    assert store.events_of("ann") == store.events_of("lead") == ["segment.1.entered"]


def test_which_companies_the_survivor_belongs_to_is_told_by_its_own_record(store: Store) -> None:
    store.apply(company("acme"), contact("lead", companies=["acme"]), contact("ann"), MERGE)
    members = CompanyMember.objects.for_org(store.org_id)
    assert not members.exists()
    store.apply(contact("ann", v=50, companies=["acme"]))
    assert members.get().customer == store.customer("ann")


def test_the_same_merge_again_writes_nothing(store: Store) -> None:
    records = [contact("ann"), contact("lead"), talk(contacts=["lead"]), MERGE]
    store.apply(*records)
    before = store.row_versions()
    assert not store.apply(*records).customers
    assert store.row_versions() == before


def test_later_records_that_name_the_merged_contact_mean_the_survivor(store: Store) -> None:
    store.apply(contact("ann"), contact("lead"), MERGE)
    store.apply(talk(contacts=["lead"]), event("e1", contacts=["lead"]))
    assert store.people_of() == ["ann"]
    assert store.events_of("ann") == ["e1"]


def test_chains_are_followed_to_the_end(store: Store) -> None:
    store.apply(
        contact("ann"),
        MergeRecord(source="first", target="lead", at=at(40)),
        MERGE,
        talk(contacts=["first"]),
    )
    assert store.people_of() == ["ann"]


def test_a_circle_of_merges_ends(store: Store) -> None:
    store.apply(contact("ann"), contact("lead"), MERGE)
    store.apply(MergeRecord(source="ann", target="lead", at=at(60)), talk(contacts=["lead"]))
    assert store.people_of() == ["ann"]
    assert store.has_customer("ann")


def test_a_newer_version_does_not_bring_a_merged_contact_back(store: Store) -> None:
    store.apply(contact("ann"), contact("lead", v=1), MERGE, contact("lead", v=99))
    store.apply(contact("lead", v=100))
    assert not store.has_customer("lead")


def test_the_survivor_may_arrive_last(store: Store) -> None:
    store.apply(contact("lead"), talk(contacts=["lead"]), event("e1", contacts=["lead"]))
    store.apply(MERGE)
    assert not store.has_customer("lead")
    store.apply(contact("ann"))
    assert store.people_of() == ["ann"]
    assert store.events_of("ann") == ["e1"]
    assert store.customer("lead").merged_into == store.customer("ann")


@pytest.mark.django_db
def test_every_order_ends_with_the_survivor_having_all() -> None:
    story = [
        contact("ann"),
        contact("lead"),
        talk(contacts=["lead", "eve"]),
        event("e1", contacts=["lead"]),
        MERGE,
    ]
    for number, order in enumerate(permutations(story)):
        store = new_store()
        cut = number % len(order)
        store.apply(*order[:cut])
        store.apply(*order[cut:])
        assert store.people_of() == ["ann"], [type(record).__name__ for record in order]
        assert store.events_of("ann") == ["e1"]
        assert not store.has_customer("lead")
        assert store.talk().unknown_contacts == ["eve"]
