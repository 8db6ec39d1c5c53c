"""Membership follows the rules: changed customers, everybody, what is told, what is written."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.core.errors import Forbidden, Invalid
from pulsescore.pipeline import segmenting
from pulsescore.pipeline.work import rescore_pending
from pulsescore.scoring import scored
from pulsescore.segments import membership, queries, sweeps
from pulsescore.segments.comparing import Scope
from pulsescore.segments.models import CompanyMembership, Member, Segment
from pulsescore.store import dirty
from pulsescore.store.models import CompanyMember, Customer, TimelineEvent
from tests.db.scoring.people import add_conversation, add_customer, add_org, ago
from tests.db.segments import made_up
from tests.db.segments.truth import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
FREE = {"field": "metadata.plan", "op": "eq", "value": "free"}


def admin(org_id: int, role: Role = Role.ADMIN) -> Actor:
    return Actor(user=None, org_id=org_id, role=role, via="command")


def make(org_id: int, name: str, rule: Any, kind: Any = "customer") -> Segment:
    return segmenting.create_segment(admin(org_id), kind=kind, name=name, rule=rule, now=NOW)


def members(segment: Segment) -> set[int]:
    rows = Member.objects.for_org(segment.org_id).filter(segment=segment)
    return set(rows.values_list("customer_id", flat=True))


def change(customer: Customer, **fields: Any) -> None:
    Customer.objects.for_org(customer.org_id).filter(pk=customer.pk).update(**fields)
    dirty.mark(customer.org_id, [customer.pk])


def told(customer: Customer) -> list[tuple[str, str]]:
    rows = TimelineEvent.objects.for_org(customer.org_id).filter(
        customer=customer, name__endswith="segment"
    )
    return [(one.name, one.properties["segment"]) for one in rows.order_by("occurred_at", "id")]


def test_a_new_segment_is_filled_without_a_word() -> None:
    org_id = add_org()
    ada, bob = (add_customer(org_id, metadata={"plan": plan}) for plan in ("free", "pro"))
    segment = make(org_id, "Free", FREE)
    assert not segment.is_filled
    segmenting.refresh_everybody(org_id, now=NOW)
    segment.refresh_from_db()
    assert members(segment) == {ada.pk}
    assert (segment.is_filled, segment.size) == (True, 1)
    assert told(ada) == told(bob) == []


def test_who_changes_enters_and_leaves_and_is_told_of() -> None:
    org_id = add_org()
    ada = add_customer(org_id, metadata={"plan": "pro"})
    segment = make(org_id, "Free", FREE)
    segmenting.refresh_everybody(org_id, now=NOW)
    change(ada, metadata={"plan": "Free"})
    rescore_pending(org_id, now=NOW)
    assert members(segment) == {ada.pk}
    change(ada, metadata={})
    rescore_pending(org_id, now=LATER)
    assert members(segment) == set()
    assert [one for one in told(ada) if one[1] == "Free"] == [
        ("Entered segment", "Free"),
        ("Left segment", "Free"),
    ]


def test_time_alone_moves_customers_when_a_day_began() -> None:
    org_id = add_org()
    ada = add_customer(org_id, first_seen_at=ago(400), last_seen_at=ago(29))
    segmenting.refresh_everybody(org_id, now=NOW)
    sweeps.request_sweep(org_id, now=NOW)
    segmenting.refresh_everybody(org_id, now=NOW + timedelta(days=2))
    assert told(ada) == [("Entered segment", "Silent for 30 days")]


def test_a_conversation_that_waits_puts_its_customer_among_those_who_wait() -> None:
    org_id = add_org()
    ada = add_customer(org_id)
    segmenting.refresh_everybody(org_id, now=NOW)
    add_conversation(ada, created=1, updated=1, waiting_since=ago(1))
    dirty.mark(org_id, [ada.pk])
    rescore_pending(org_id, now=NOW)
    assert "Waiting on us" in [one.name for one in queries.segments_of(org_id, ada.pk)]


def test_the_rules_of_companies_reach_their_members() -> None:
    org_id = add_org()
    dice = Random(9)
    firm = made_up.firm(dice)
    firm.fields["plan"] = "free"
    (ada_id,) = made_up.store(org_id, [made_up.person(dice, 1)], [firm])
    CompanyMember.objects.for_org(org_id).delete()
    company_id = made_up.companies(org_id)[0].pk
    CompanyMember(org_id=org_id, customer_id=ada_id, company_id=company_id).save()
    of_people = make(org_id, "Paying", {"field": "company.plan", "op": "eq", "value": "pro"})
    of_firms = make(org_id, "Paying", {"field": "plan", "op": "eq", "value": "pro"}, "company")
    segmenting.refresh_everybody(org_id, now=NOW)
    assert members(of_people) == set()
    made_up.companies(org_id).update(plan="Pro")
    dirty.mark_companies(org_id, [company_id])
    rescore_pending(org_id, now=NOW)
    assert members(of_people) == {ada_id}
    firms = CompanyMembership.objects.for_org(org_id).filter(segment=of_firms)
    assert [one.company_id for one in firms] == [company_id]
    assert queries.segments_of_companies(org_id, [company_id])[company_id][0].name == "Paying"


def test_one_by_one_comes_to_the_same_as_all_at_once_and_again_writes_nothing() -> None:
    dice = Random(5)
    firms = [made_up.firm(dice) for _ in range(4)]
    people = [made_up.person(dice, len(firms)) for _ in range(20)]
    rules = [made_up.rule(dice) for _ in range(30)]
    one_by_one, at_once = add_org("One by one"), add_org("At once")
    found = []
    for org_id in (one_by_one, at_once):
        ids = made_up.store(org_id, people, firms)
        for at, rule in enumerate(rules):
            make(org_id, f"Rule {at}", rule)
        if org_id == at_once:
            segmenting.refresh_everybody(org_id, now=NOW)
        else:
            for customer_id in dice.sample(ids, len(ids)):
                scored.mark(org_id, [customer_id])
                segmenting.refresh_marked(org_id, now=NOW)
        found.append(standing(org_id, ids))
    assert found[0] == found[1]
    assert any(found[0])
    assert writes_of_refresh(at_once) == []


def standing(org_id: int, ids: Sequence[int]) -> list[list[str]]:
    known = queries.segments_of_many(org_id, ids)
    return [[one.name for one in known.get(customer_id, [])] for customer_id in ids]


def writes_of_refresh(org_id: int) -> list[str]:
    before = list(Member.objects.for_org(org_id).order_by("id").values_list("id", "entered_at"))
    with CaptureQueriesContext(
        connection,
    ) as seen:
        for scope in membership.ranges(org_id, "customer"):
            chosen = membership.choose(org_id, "customer")
            assert membership.refresh(org_id, scope, chosen, now=LATER - timedelta(hours=1)) == []
    after = list(Member.objects.for_org(org_id).order_by("id").values_list("id", "entered_at"))
    assert before == after
    return [one["sql"] for one in seen if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_a_deleted_customer_is_in_no_segment() -> None:
    org_id = add_org()
    ada = add_customer(org_id)
    segment = make(org_id, "Everybody", {"all": []})
    segmenting.refresh_everybody(org_id, now=NOW)
    change(ada, deleted_at=NOW)
    rescore_pending(org_id, now=LATER)
    assert members(segment) == set()
    assert told(ada) == []


def test_a_changed_rule_is_looked_at_anew_and_a_deleted_segment_emptied() -> None:
    org_id = add_org()
    ada = add_customer(org_id, metadata={"plan": "pro"})
    segment = make(org_id, "Free", FREE)
    segmenting.refresh_everybody(org_id, now=NOW)
    rule = {"field": "metadata.plan", "op": "ne", "value": "free"}
    segmenting.update_segment(admin(org_id), segment.pk, rule=rule, now=NOW)
    segmenting.refresh_everybody(org_id, now=NOW)
    assert members(segment) == {ada.pk}
    segmenting.delete_segment(admin(org_id), segment.pk, now=NOW)
    assert "Free" not in [one.name for one in queries.segments_of(org_id, ada.pk)]
    assert org_id in sweeps.orgs_waiting()
    segmenting.refresh_everybody(org_id, now=NOW)
    assert members(segment) == set()
    assert org_id not in sweeps.orgs_waiting()


def test_segments_are_the_organizations_own() -> None:
    mine, other = add_org(), add_org("Other")
    theirs = add_customer(other, metadata={"plan": "free"})
    segment = make(mine, "Free", FREE)
    segmenting.refresh_everybody(mine, now=NOW)
    membership.refresh(mine, Scope((theirs.pk,)), membership.choose(mine, "customer"), now=NOW)
    assert members(segment) == set()


def test_names_are_unique_and_faults_have_paths() -> None:
    org_id = add_org()
    with pytest.raises(Invalid) as refused:
        make(org_id, "critical", {"all": [{"field": "nonsense", "op": "eq", "value": 1}]})
    assert [one.field for one in refused.value.faults] == ["name", "rule.all.0.field"]
    with pytest.raises(Forbidden):
        segmenting.create_segment(
            admin(org_id, Role.MEMBER), name="Mine", rule={"all": []}, now=NOW
        )
