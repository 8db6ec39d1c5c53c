"""Somebody known by ingested calls and by Intercom is one person: Intercom's customer."""

from typing import Any

import pytest

from pulsescore.store import dirty, erase, identities, joining
from pulsescore.store.models import CompanyMember, Customer, Identity, Note
from pulsescore.store.traits import TraitChange, apply_traits
from tests.db.store.conftest import Store
from tests.unit.store.builders import at, company, contact, event


@pytest.fixture
def ingested(store: Store) -> Store:
    return Store(store.org_id, identities.ingest_source(store.org_id).pk)


def everybody(store: Store) -> frozenset[int]:
    return joining.join_everybody(org_id=store.org_id, now=store.now)


def survivor(store: Store, name: str = "u1") -> Any:
    return Customer.objects.for_org(store.org_id).get(external_id=name).merged_into


def test_an_organization_has_one_source_of_ingested_calls(store: Store) -> None:
    first = identities.ingest_source(store.org_id)
    assert identities.ingest_source(store.org_id) == first
    assert (first.kind, first.org_id) == ("ingest", store.org_id)


def test_the_same_id_of_their_own_joins_and_hands_everything_over(
    store: Store, ingested: Store
) -> None:
    ingested.apply(
        company("firm"),
        contact("u1", external_user_id="7", companies=["firm"]),
        event("e1", contacts=["u1"]),
    )
    person = ingested.customer("u1")
    names = {("user_id", "7"): person.pk, ("anonymous_id", "x"): person.pk}
    scope = {"org_id": store.org_id, "source_id": ingested.source_id}
    identities.put(**scope, owners=names, now=store.now)
    Note(org_id=store.org_id, customer=person, body="Hi").save()
    change = TraitChange(customer_id=person.pk, values={"plan": "pro"}, at=at(1))
    apply_traits(org_id=store.org_id, changes=[change], now=store.now)
    store.apply(contact("ann", external_user_id="7", email="other@example.com"))
    dirty.claim(store.org_id, 10)

    ann = store.customer()
    found = joining.join_newcomers(org_id=store.org_id, customer_ids=[ann.pk], now=store.now)

    assert found == {ann.pk, person.pk}
    assert survivor(store) == ann
    assert ingested.customer("u1").deleted_reason == "merged"
    assert store.events_of("ann") == ["e1"]
    assert store.customer().traits == {"plan": "pro"}
    assert identities.find(**scope, names=names) == dict.fromkeys(names, ann.pk)
    assert Note.objects.for_org(store.org_id).get().customer_id == ann.pk
    assert CompanyMember.objects.for_org(store.org_id).get().customer_id == ann.pk
    assert set(dirty.claim(store.org_id, 10)) == {ann.pk, person.pk}
    assert everybody(store) == frozenset()


def test_what_ingestion_told_of_companies_outlives_the_next_import(
    store: Store, ingested: Store
) -> None:
    ingested.apply(company("firm"), contact("u1", companies=["firm"], email="a@example.com"))
    store.apply(company("acme"), contact("ann", email="a@example.com", companies=["acme"]))
    everybody(store)
    store.apply(contact("ann", v=5, email="a@example.com", companies=[]))
    members = CompanyMember.objects.for_org(store.org_id)
    assert [one.company.external_id for one in members] == ["firm"]


def test_by_e_mail_a_user_comes_before_a_lead(store: Store, ingested: Store) -> None:
    ingested.apply(contact("u1", email="a@example.com"))
    store.apply(contact("lead", email="a@example.com", contact_role="lead"))
    store.apply(contact("user", email="a@example.com", contact_role="user"))
    everybody(store)
    assert survivor(store) == store.customer("user")


def test_who_has_another_id_of_their_own_is_somebody_else(store: Store, ingested: Store) -> None:
    ingested.apply(contact("u1", email="a@example.com", external_user_id="1"))
    store.apply(contact("ann", email="a@example.com", external_user_id="2"))
    assert everybody(store) == frozenset()


def test_marks_lead_to_whom_must_be_joined_and_stay(store: Store, ingested: Store) -> None:
    ingested.apply(contact("u1", email="a@example.com"))
    dirty.claim(store.org_id, 10)
    store.apply(contact("ann", email="a@example.com"))
    assert len(joining.join_marked(org_id=store.org_id, now=store.now)) == 2
    assert len(dirty.claim(store.org_id, 10)) == 2


def test_two_ingested_people_may_be_one_customer(store: Store, ingested: Store) -> None:
    ingested.apply(contact("u1", email="a@example.com"), contact("u2", email="a@example.com"))
    store.apply(contact("ann", email="a@example.com"))
    everybody(store)
    assert survivor(store, "u1") == survivor(store, "u2") == store.customer()


def test_erasing_removes_the_names_of_a_person(store: Store) -> None:
    store.apply(contact("ann"))
    source = identities.ingest_source(store.org_id)
    owners = {("user_id", "7"): store.customer().pk}
    identities.put(org_id=store.org_id, source_id=source.pk, owners=owners, now=store.now)
    erase.erase(store.org_id, store.customer().pk, now=store.now)
    assert not Identity.objects.for_org(store.org_id).exists()
