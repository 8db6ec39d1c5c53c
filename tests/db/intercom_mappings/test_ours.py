"""What our attributes of customers and companies are, and of which types."""

from datetime import UTC, datetime

from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from pulsescore.connectors.intercom.mappings.observed import offered_attributes, types_of
from pulsescore.connectors.intercom.mappings.ours import attributes_of, company_attributes_of
from pulsescore.scoring.actions import rescore
from pulsescore.segments.models import CompanyMembership, Member, Segment
from pulsescore.store.models import Company
from pulsescore.store.traits import (
    CompanyTraitChange,
    TraitChange,
    apply_company_traits,
    apply_traits,
)
from tests.db.intercom_mappings.conftest import NOW, Workspace
from tests.unit.store.builders import at, company, contact

SIGNED_UP = datetime(2026, 1, 2, tzinfo=UTC)


def test_a_customer_has_columns_traits_scores_and_company(workspace: Workspace) -> None:
    workspace.store(
        company(name="Acme", plan="Pro"),
        contact(name="Ann", phone=None, signed_up_at=SIGNED_UP, companies=["acme"]),
    )
    ann = workspace.customer().pk
    firm = Company.objects.for_org(workspace.org_id).get().pk
    values = {"plan": "Gold", "name": "Anna", "score": 3, "gone": "x"}
    change = TraitChange(customer_id=ann, values=values, at=at(1))
    removed = TraitChange(customer_id=ann, values={"gone": None}, at=at(2))
    apply_traits(org_id=workspace.org_id, changes=[change, removed], now=NOW)
    tier = CompanyTraitChange(company_id=firm, values={"tier": 1}, at=at(1))
    apply_company_traits(org_id=workspace.org_id, changes=[tier], now=NOW)
    rescore(org_id=workspace.org_id, customer_ids=[ann], now=NOW)
    with CaptureQueriesContext(
        database,
    ) as queries:
        ours = attributes_of(workspace.org_id, [ann])[ann]
    assert len(queries) == 1
    assert ours["name"] == "Anna", "what was told goes before what Intercom says"
    assert ours["email"] == "ann@example.com"
    assert ours["signed_up_at"] == SIGNED_UP
    assert (ours["plan"], ours["company.name"], ours["company.tier"]) == ("Gold", "Acme", 1)
    assert ours["gone"] is None, "what was removed is empty"
    assert "phone" not in ours, "what nobody told says nothing"
    assert ours["score"] != 3, "nobody tells a score but PulseScore"
    assert {"risk_level", "factor.open_tickets"} <= ours.keys()


def test_a_company_has_columns_traits_and_scores(workspace: Workspace) -> None:
    workspace.store(company(name="Acme", plan="Pro"))
    firm = Company.objects.for_org(workspace.org_id).get().pk
    change = CompanyTraitChange(company_id=firm, values={"plan": "Gold"}, at=at(1))
    apply_company_traits(org_id=workspace.org_id, changes=[change], now=NOW)
    ours = company_attributes_of(workspace.org_id, [firm])[firm]
    assert (ours["name"], ours["plan"], ours["score"]) == ("Acme", "Gold", None)


def test_segments_are_told_by_name(workspace: Workspace) -> None:
    workspace.store(contact(), company())
    ann, firm = workspace.customer(), Company.objects.for_org(workspace.org_id).get()
    for kind, name, deleted_at in (
        ("customer", "Zebras", None),
        ("customer", "ants", None),
        ("customer", "Old", NOW),
        ("company", "Big", None),
    ):
        told = {"org_id": workspace.org_id, "kind": kind, "name": name, "rule": {}}
        segment = Segment(**told, deleted_at=deleted_at)
        segment.save(force_insert=True)
        entered = {"org_id": workspace.org_id, "segment": segment, "entered_at": NOW}
        if kind == "customer":
            Member(**entered, customer=ann).save(force_insert=True)
        else:
            CompanyMembership(**entered, company=firm).save(force_insert=True)
    ours = attributes_of(workspace.org_id, [ann.pk])[ann.pk]
    theirs = company_attributes_of(workspace.org_id, [firm.pk])[firm.pk]
    assert ours["segments"] == ["ants", "Zebras"]
    assert theirs["segments"] == ["Big"]


def test_customers_of_others_are_not_told_of(workspace: Workspace) -> None:
    workspace.store(contact())
    assert attributes_of(workspace.org_id + 1, [workspace.customer().pk]) == {}
    assert attributes_of(workspace.org_id, []) == {}


def test_types_follow_what_was_seen(workspace: Workspace) -> None:
    workspace.store(contact("ann"), contact("bob"))
    seen = {
        "ann": {"seats": 3, "price": 3, "paid": True, "since": "2026-01-02", "mixed": 1},
        "bob": {
            "seats": 4,
            "price": 3.5,
            "paid": False,
            "since": "2026-01-02T03:04:05Z",
            "mixed": "a",
            "list": ["x"],
        },
    }
    changes = [
        TraitChange(customer_id=workspace.customer(name).pk, values=values, at=at(1))
        for name, values in seen.items()
    ]
    apply_traits(org_id=workspace.org_id, changes=changes, now=NOW)
    names = ("seats", "price", "paid", "since", "mixed", "list", "score", "unheard_of")
    assert types_of(workspace.org_id, "contact", names) == {
        "seats": "integer",
        "price": "float",
        "paid": "boolean",
        "since": "date",
        "mixed": "string",
        "list": "string",
        "score": "integer",
        "unheard_of": "string",
    }
    offered = {one.name for one in offered_attributes(workspace.org_id, "contact")}
    assert {"seats", "score", "email", "company.plan"} <= offered
