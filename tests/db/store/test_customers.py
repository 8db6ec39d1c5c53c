"""Contacts become customers when they have an e-mail address, and only then."""

from pulsescore.store.models import CompanyMember
from pulsescore.store.records import DeletionRecord, Malformed
from tests.db.store.conftest import Store
from tests.unit.store.builders import at, company, contact, partial_contact


def test_a_contact_with_an_email_becomes_a_customer(store: Store) -> None:
    changed = store.apply(contact(v=5, name="Ann", tags=["b", "a"], metadata={"plan": "pro"}))
    ann = store.customer()
    assert (ann.name, ann.tags, ann.metadata) == ("Ann", ["a", "b"], {"plan": "pro"})
    assert (ann.remote_updated_at, ann.contact_role) == (at(5), "user")
    assert changed.customers == {ann.pk}
    assert changed.counts == {"customer.inserted": 1}
    assert changed.touched


def test_the_same_again_writes_no_row(store: Store) -> None:
    records = [contact(v=5, tags=["a"], companies=["acme"]), company(), contact("bob", email=None)]
    store.apply(*records)
    before = store.row_versions()
    again = store.apply(*records)
    assert store.row_versions() == before
    assert not again.touched
    assert not again.customers


def test_the_same_seen_later_writes_no_row(store: Store) -> None:
    store.apply(contact(v=5, seen=6, name="Ann"), contact("bob", v=1, seen=6, email=None))
    before = store.row_versions()
    store.apply(contact(v=5, seen=99, name="Ann"), contact("bob", v=1, seen=99, email=None))
    assert store.row_versions() == before


def test_what_settles_a_version_is_remembered_without_being_a_change(store: Store) -> None:
    store.apply(contact(v=5, seen=5, name="Ann"), contact("bob", v=5, seen=5, email=None))
    again = store.apply(
        contact(v=5, seen=9, name="Ann"), contact("bob", v=5, seen=9, email=None, name=None)
    )
    assert not again.customers
    assert store.customer().observed_at == at(9)
    late = store.apply(contact(v=5, seen=5, name="Late"), contact("bob", v=5, seen=5))
    assert store.customer().name == "Ann"
    assert not store.has_customer("bob")
    assert not late.contested


def test_what_is_told_differently_within_one_second_is_contested(store: Store) -> None:
    assert not store.apply(contact(v=5, seen=5, name="Ann")).contested
    assert store.apply(contact(v=5, seen=5, name="Anna")).contested == (("customer", "ann"),)
    assert not store.apply(contact(v=5, seen=5, name="Anna")).contested


def test_repeated_partial_records_write_no_row(store: Store) -> None:
    records = [contact(v=1, tags=["a"]), partial_contact(v=2, tags_added=["b"], phone="1")]
    store.apply(*records)
    before = store.row_versions()
    assert not store.apply(*records).touched
    assert store.row_versions() == before


def test_a_newer_version_updates_and_an_older_one_is_stale(store: Store) -> None:
    store.apply(contact(v=5, name="Five"))
    assert store.apply(contact(v=9, name="Nine")).counts == {"customer.updated": 1}
    assert store.apply(contact(v=7, name="Seven")).counts == {"customer.stale": 1}
    assert store.customer().name == "Nine"


def test_a_partial_record_leaves_the_other_fields_alone(store: Store) -> None:
    store.apply(contact(v=5, name="Ann", city="Rome", tags=["a"]))
    store.apply(partial_contact(v=6, city="Oslo", tags_added=["b"]))
    ann = store.customer()
    assert (ann.name, ann.city, ann.tags) == ("Ann", "Oslo", ["a", "b"])


def test_several_versions_in_one_call_end_in_the_newest(store: Store) -> None:
    store.apply(contact(v=5, name="Five"), contact(v=9, name="Nine"), contact(v=7, name="Seven"))
    assert store.customer().name == "Nine"


def test_without_an_email_nobody_is_a_customer(store: Store) -> None:
    changed = store.apply(contact(email=None), contact("bob", email="  "))
    assert not store.has_customer("ann")
    assert store.held() == {"ann": "no_email", "bob": "no_email"}
    assert changed.counts == {"customer.held_no_email": 2}


def test_a_held_contact_enters_when_a_partial_record_brings_an_email(store: Store) -> None:
    store.apply(contact(v=1, email=None, name="Ann", tags=["vip"]))
    changed = store.apply(partial_contact(v=2, email="ann@example.com"))
    ann = store.customer()
    assert (ann.name, ann.tags, ann.email) == ("Ann", ["vip"], "ann@example.com")
    assert changed.customers == {ann.pk}
    assert store.held() == {}


def test_an_older_record_with_an_email_does_not_let_a_contact_in_that_lost_it(
    store: Store,
) -> None:
    store.apply(contact(v=9, email=None), contact(v=1))
    assert not store.has_customer()
    assert store.held() == {"ann": "no_email"}


def test_a_customer_that_loses_its_email_goes_and_comes_back_with_it(store: Store) -> None:
    store.apply(contact(v=1))
    changed = store.apply(contact(v=2, email=""))
    ann = store.customer()
    assert (ann.deleted_reason, ann.email) == ("no_email", None)
    assert changed.customers == {ann.pk}
    store.apply(contact(v=3))
    assert store.has_customer()


def test_companies_are_joined_whichever_comes_first(store: Store) -> None:
    store.apply(contact(companies=["acme", "late"]), company("acme"))
    assert store.customer().unknown_companies == ["late"]
    changed = store.apply(company("late"))
    assert store.customer().unknown_companies is None
    assert changed.customers == {store.customer().pk}
    members = CompanyMember.objects.for_org(store.org_id)
    assert sorted(members.values_list("company__external_id", flat=True)) == ["acme", "late"]


def test_leaving_a_company_removes_the_membership(store: Store) -> None:
    store.apply(company("acme"), company("other"), contact(v=1, companies=["acme", "other"]))
    store.apply(partial_contact(v=2, companies_removed=["acme"]))
    members = CompanyMember.objects.for_org(store.org_id)
    assert list(members.values_list("company__external_id", flat=True)) == ["other"]
    store.apply(partial_contact(v=3, name="Ann"))
    assert store.customer().unknown_companies is None


def test_a_malformed_record_waits_in_quarantine_until_a_good_one_comes(store: Store) -> None:
    store.apply(Malformed(kind="customer", external_id="ann", detail="bad", observed_at=at(1)))
    assert store.held() == {"ann": "malformed"}
    store.apply(contact(v=1, seen=2))
    assert store.has_customer()
    assert store.held() == {}


def test_a_malformed_record_of_a_known_customer_is_cleared_by_the_same_good_one(
    store: Store,
) -> None:
    store.apply(contact(v=1, seen=1))
    store.apply(Malformed(kind="customer", external_id="ann", detail="bad", observed_at=at(5)))
    assert store.held() == {"ann": "malformed"}
    store.apply(contact(v=1, seen=9))
    assert store.held() == {}


def test_one_hostile_record_does_not_stop_the_rest(store: Store) -> None:
    changed = store.apply(
        contact("bad", name="n" * 5000),
        contact("worse", metadata={"n": "x" * 1_200_000}),
        contact("nul\0", name="N\0ul", metadata={"\0": "\ud800"}),
        contact("ann"),
    )
    assert changed.counts == {"customer.malformed": 2, "customer.inserted": 2}
    assert store.held() == {"bad": "malformed", "worse": "malformed"}
    assert store.customer("nul").name == "Nul"


def test_a_huge_json_document_survives_unchanged(store: Store) -> None:
    document = {"deep": [[{"a": None}]], "big": 2**60, "quote": '"\\\n\t', "é": "☃"}
    store.apply(contact(metadata=document, tags=['a "quoted" \\ tag', "{x,y}"]))
    assert store.customer().metadata == document
    assert store.customer().tags == ['a "quoted" \\ tag', "{x,y}"]


def test_a_deletion_marks_the_customer_and_a_later_version_brings_it_back(store: Store) -> None:
    store.apply(contact(v=1))
    changed = store.apply(DeletionRecord(kind="customer", external_id="ann", at=at(10)))
    assert changed.counts == {"customer.deleted": 1, "customer.updated": 1}
    assert (store.customer().deleted_at, store.customer().deleted_reason) == (at(10), "deleted")
    store.apply(contact(v=5, name="Older"))
    assert not store.has_customer()
    store.apply(contact(v=11))
    assert store.has_customer()
    store.apply(DeletionRecord(kind="customer", external_id="ann", at=at(10)))
    assert store.has_customer()


def test_reading_the_contact_itself_after_its_deletion_brings_it_back(store: Store) -> None:
    gone = DeletionRecord(kind="customer", external_id="ann", at=at(10), reason="archived")
    store.apply(contact(v=1), gone)
    store.apply(contact(v=1, seen=20))
    assert not store.has_customer()
    back = contact(v=1, seen=20)
    back.authoritative = True
    store.apply(back)
    assert store.has_customer()
    store.apply(gone)
    assert store.has_customer()


def test_a_read_that_proves_life_counts_beside_one_that_says_the_same(store: Store) -> None:
    gone = DeletionRecord(kind="customer", external_id="ann", at=at(10), reason="archived")
    store.apply(contact(v=1), gone)
    proof = contact(v=1, seen=20)
    proof.authoritative = True
    store.apply(contact(v=1, seen=20), proof)
    assert store.has_customer()


def test_an_older_page_cannot_bring_in_what_was_deleted_before_we_knew_it(store: Store) -> None:
    store.apply(DeletionRecord(kind="customer", external_id="ann", at=at(10)))
    assert store.tombstones() == {"ann": "deleted"}
    store.apply(contact(v=5))
    assert not store.has_customer()
    store.apply(contact(v=15))
    assert store.has_customer()
    assert store.tombstones() == {}
