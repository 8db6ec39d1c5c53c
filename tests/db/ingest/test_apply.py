"""Calls become people, traits, events and companies; order and repetition do not matter."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulsescore.ingest.calls import Call
from pulsescore.ingest.models import VisitorCall
from pulsescore.store import dirty, erase, export
from pulsescore.store.models import Company, CompanyMember, Customer
from tests.db.ingest.conftest import Site
from tests.db.store.conftest import new_store
from tests.unit.store.builders import at, company, contact


def test_a_user_becomes_a_customer_with_traits_and_a_timeline(site: Site) -> None:
    traits = {"email": " Ann@Example.com", "name": "Ann", "plan": "pro", "avatar": {"no": 1}}
    site.apply(
        site.identify(v=1, traits=traits),
        site.track("Paid", v=3, properties={"sum": 5}, context={"ip": "::1"}),
    )
    person = site.person()
    assert (person.email, person.name, person.contact_role) == ("ann@example.com", "Ann", "user")
    assert (person.external_id, person.external_user_id) == ("user:7", "7")
    assert person.traits["plan"] == "pro"
    assert (person.first_seen_at, person.last_seen_at) == (at(1), at(3))
    assert site.told_of(person) == ["Paid"]
    assert dirty.claim(site.org_id, 10) == [person.pk]


def test_a_message_counts_once_also_within_a_batch_and_under_other_names(site: Site) -> None:
    call = site.track("Paid", message_id="same")
    assert site.apply(call, call).new == 1
    again = site.track("Paid", user="8", message_id="same")
    assert site.apply(call, again).new == 0
    assert site.told_of(site.person()) == ["Paid"]


def test_the_customer_of_intercom_with_that_id_is_meant(site: Site) -> None:
    site.intercom.apply(contact("ann", external_user_id="7"))
    site.apply(site.identify(traits={"plan": "pro", "name": "Not Ann"}), site.track("Paid"))
    ann = site.person()
    assert (ann.external_id, ann.name, ann.traits["plan"]) == ("ann", None, "pro")
    assert site.told_of(ann) == ["Paid"]


def test_a_customer_without_such_an_id_is_found_by_address(site: Site) -> None:
    site.intercom.apply(contact("ann"), contact("bob", external_user_id="9"))
    site.apply(site.identify(traits={"email": "ANN@example.com"}), site.track("Paid"))
    assert site.told_of(site.intercom.customer("ann")) == ["Paid"]
    site.apply(site.identify("8", traits={"email": "bob@example.com"}))
    assert len(site.people()) == 3


def test_somebody_imported_later_takes_over(site: Site) -> None:
    site.apply(site.identify(traits={"plan": "pro"}), site.track("Paid"))
    site.intercom.apply(contact("ann", external_user_id="7"))
    site.apply(site.track("Left", v=5))
    ann = site.person()
    assert ann.external_id == "ann"
    assert (site.told_of(ann), ann.traits) == (["Paid", "Left"], {"plan": "pro"})


def test_a_visitor_is_nobody_until_they_log_in_then_has_all_that_they_did(site: Site) -> None:
    site.apply(
        site.call("page", 1, name="Viewed page", anonymous_id="x"),
        site.call("identify", 2, anonymous_id="x", traits={"city": "Rome"}),
    )
    assert site.people() == []
    site.apply(site.identify(v=3, anonymous_id="x"))
    person = site.person()
    assert (site.told_of(person), person.traits) == (["Viewed page"], {"city": "Rome"})
    assert not VisitorCall.objects.for_org(site.org_id).exists()
    site.apply(site.call("page", 9, name="Viewed Late page", anonymous_id="x"))
    assert site.told_of(person) == ["Viewed page", "Viewed Late page"]


def test_an_alias_says_who_a_visitor_was(site: Site) -> None:
    site.apply(site.track("Looked", None, anonymous_id="x"))
    site.apply(site.call("alias", 2, user_id="7", previous_id="x"))
    assert site.told_of(site.person()) == ["Looked"]


def test_an_alias_makes_two_users_one(site: Site) -> None:
    site.apply(site.track("Looked", "old"), site.track("Paid", "new", v=2))
    site.apply(site.call("alias", 3, user_id="new", previous_id="old"))
    person = site.person()
    assert (person.external_user_id, site.told_of(person)) == ("new", ["Looked", "Paid"])
    site.apply(site.track("Late", "old", v=4))
    assert site.told_of(person) == ["Looked", "Paid", "Late"]


def test_an_alias_does_not_merge_two_customers_of_intercom(site: Site) -> None:
    site.intercom.apply(contact("a", external_user_id="1"), contact("b", external_user_id="2"))
    site.apply(site.call("alias", 3, user_id="1", previous_id="2"))
    assert len(site.people()) == 2


def test_a_visitor_with_an_address_is_a_lead_and_becomes_the_user(site: Site) -> None:
    site.apply(site.identify(None, anonymous_id="x", traits={"email": "a@example.com"}))
    lead = site.person()
    assert (lead.contact_role, lead.email) == ("lead", "a@example.com")
    site.apply(site.track("Looked", None, v=1, anonymous_id="x"))
    site.apply(site.identify(v=2, anonymous_id="x", traits={"plan": "pro"}))
    person = site.person()
    assert (person.contact_role, person.external_user_id) == ("user", "7")
    assert site.told_of(person) == ["Looked"]
    assert person.traits == {"email": "a@example.com", "plan": "pro"}


def test_a_shared_browser_is_that_of_whoever_logged_in_before(site: Site) -> None:
    site.apply(
        site.identify("1", 1, anonymous_id="x"),
        site.track("First", None, v=2, anonymous_id="x"),
        site.identify("2", 3, anonymous_id="x"),
        site.track("Second", None, v=4, anonymous_id="x"),
    )
    one, two = site.people()
    assert (site.told_of(one), site.told_of(two)) == (["First"], ["Second"])


def test_a_group_is_a_company_with_traits_and_members(site: Site) -> None:
    site.apply(site.call("group", user_id="7", group_id="g", traits={"name": "Acme", "size": 3}))
    firm = Company.objects.for_org(site.org_id).get()
    assert (firm.name, firm.company_key, firm.traits["size"]) == ("Acme", "g", 3)
    member = CompanyMember.objects.for_org(site.org_id).get()
    assert (member.company_id, member.customer_id) == (firm.pk, site.person().pk)


def test_a_company_that_intercom_knows_keeps_intercoms_word(site: Site) -> None:
    site.intercom.apply(company("c1", company_key="g", name="Acme"), contact("ann"))
    site.apply(
        site.identify(traits={"email": "ann@example.com"}),
        site.call("group", 1, user_id="7", group_id="g", traits={"name": "Other", "tier": 1}),
    )
    firm = Company.objects.for_org(site.org_id).get()
    assert (firm.name, firm.traits) == ("Acme", {"name": "Other", "tier": 1})
    assert not CompanyMember.objects.for_org(site.org_id).exists()


def test_the_messenger_links_a_visitor_to_the_lead_that_comes_of_them(site: Site) -> None:
    site.apply(
        site.track("Looked", None, anonymous_id="x"),
        site.call(
            "alias",
            1,
            user_id="visitor",
            anonymous_id="x",
            previous_id="x",
            context={"messenger": True},
        ),
    )
    assert (site.people(), site.settle()) == ([], frozenset())
    site.intercom.apply(
        contact("lead", contact_role="lead", attributes={"intercom/external_id": "visitor"})
    )
    lead = site.person()
    assert site.settle() == {lead.pk}
    assert site.told_of(lead) == ["Looked"]
    assert site.settle() == frozenset()


def test_erased_people_are_not_collected_again(site: Site) -> None:
    site.apply(site.identify(anonymous_id="x"), site.track("Paid"))
    erase.erase(site.org_id, site.person().pk, now=site.intercom.now)
    site.apply(site.track("Paid", v=2), site.track("Looked", None, v=3, anonymous_id="x"))
    assert not Customer.objects.for_org(site.org_id).exists()
    assert not VisitorCall.objects.for_org(site.org_id).exists()


def test_a_person_takes_their_names_along(site: Site) -> None:
    site.apply(site.identify(anonymous_id="x"))
    told = export.gather(site.org_id, site.person().pk).rows["identities"]
    assert [(one["kind"], one["key"]) for one in told] == [
        ("user_id", "7"),
        ("anonymous_id", "x"),
    ]


def test_organizations_do_not_see_one_another(site: Site) -> None:
    other = Site(new_store("Other"))
    for one in (site, other):
        one.apply(one.track("Paid", message_id="same"))
        assert one.told_of(one.person()) == ["Paid"]


def world(site: Site) -> Any:
    return [
        (person.external_user_id, person.email, person.traits, site.told_of(person))
        for person in sorted(site.people(), key=lambda one: one.external_user_id or "")
    ]


def story(site: Site) -> list[Call]:
    return [
        site.track("Looked", None, v=1, anonymous_id="x", message_id="1"),
        site.identify(v=2, anonymous_id="x", traits={"plan": "free"}, message_id="2"),
        site.identify(v=4, traits={"plan": "pro", "email": "a@example.com"}, message_id="3"),
        site.track("Paid", v=5, message_id="4"),
        site.call("alias", 6, user_id="7", previous_id="y", message_id="5"),
        site.track("Elsewhere", None, v=3, anonymous_id="y", message_id="6"),
        site.identify("8", 7, traits={"plan": "x"}, message_id="7"),
    ]


@pytest.mark.django_db
@given(data=st.data())
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_order_any_batches_and_any_repetition_end_the_same(
    db: None, data: st.DataObject
) -> None:
    plain, mixed = Site(new_store()), Site(new_store("Other"))
    plain.apply(*story(plain))
    calls = story(mixed)
    order: Sequence[Call] = data.draw(st.permutations(calls + calls[:3]))
    cut = data.draw(st.integers(0, len(order)))
    mixed.apply(*order[:cut])
    mixed.apply(*order[cut:])
    assert world(mixed) == world(plain)
