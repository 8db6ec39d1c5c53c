"""Companies' scores follow those of their members, whatever happens to either."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from pulsescore.scoring.actions import (
    rescore,
    rescore_dirty,
    rescore_everybody,
    roll_up_all,
    roll_up_marked,
)
from pulsescore.scoring.company_score import company_score
from pulsescore.scoring.models import CompanyScore, HealthScore
from pulsescore.store import dirty, write
from pulsescore.store.erase import erase
from pulsescore.store.models import Company, Customer, DirtyCompany
from pulsescore.store.records import CustomerRecord, DeletionRecord, MergeRecord
from tests.db.scoring.people import (
    NOW,
    add_company,
    add_conversation,
    add_customer,
    add_example_b,
    add_example_f,
    add_org,
    source_of,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def org_id() -> int:
    return add_org()


def standing(company: Company) -> tuple[int | None, str | None, int, int, int | None]:
    row = CompanyScore.objects.for_org(company.org_id).get(company=company)
    return (
        row.score,
        row.risk_level,
        row.members,
        row.scored_members,
        row.worst_customer_id,
    )


def bring_up_to_date(org_id: int) -> None:
    while rescore_dirty(org_id=org_id, now=LATER):
        pass
    roll_up_marked(org_id=org_id, now=LATER)


def test_members_weigh_by_their_recent_conversations(org_id: int) -> None:
    worst, best = add_example_b(org_id), add_example_f(org_id)
    company = add_company(org_id, worst, best, add_customer(org_id))
    rescore(org_id=org_id, customer_ids=None, now=NOW)
    # 21 with six conversations, 91 with one.
    assert standing(company) == (37, "red", 3, 2, worst.pk)


def test_conversations_older_than_90_days_do_not_weigh(org_id: int) -> None:
    old, best = add_example_b(org_id), add_example_f(org_id)
    company = add_company(org_id, old, best)
    for days in (90.01, 200):
        add_conversation(best, created=days, updated=days, status="closed")
    add_conversation(best, created=95, updated=90, status="closed")
    rescore(org_id=org_id, customer_ids=None, now=NOW)
    recent = HealthScore.objects.for_org(org_id).get(customer=best)
    assert recent.recent_conversations == 2
    assert standing(company)[0] == company_score([(21, 6), (recent.score or 0, 2)])


def test_nobody_scored_no_score(org_id: int) -> None:
    company, empty = add_company(org_id, add_customer(org_id)), add_company(org_id)
    rescore_everybody(org_id=org_id, reason="nightly", now=NOW)
    assert standing(company) == (None, None, 1, 0, None)
    assert standing(empty) == (None, None, 0, 0, None)


def test_a_changed_customer_brings_the_companies_along(org_id: int) -> None:
    person = add_example_f(org_id)
    company, other = add_company(org_id, person), add_company(org_id, add_example_b(org_id))
    rescore(org_id=org_id, customer_ids=None, now=NOW)
    add_conversation(person, created=1, updated=1)
    dirty.mark(org_id, [person.pk])
    bring_up_to_date(org_id)
    score = HealthScore.objects.for_org(org_id).get(customer=person).score
    assert score != 91
    assert standing(company)[0] == score
    rows = CompanyScore.objects.for_org(org_id)
    assert rows.get(company=company).calculated_at == LATER
    assert rows.get(company=other).calculated_at == NOW


def test_recalculating_one_customer_moves_the_company_at_once(org_id: int) -> None:
    person = add_example_f(org_id)
    company = add_company(org_id, person)
    rescore(org_id=org_id, customer_ids=[person.pk], now=NOW)
    assert standing(company)[:2] == (91, "green")


def contact(customer: Customer, *companies: Company) -> CustomerRecord:
    return CustomerRecord(
        external_id=customer.external_id,
        version=LATER,
        observed_at=LATER,
        contact_role="user",
        email="mia@example.com",
        companies=[company.external_id for company in companies],
    )


def tell(org_id: int, *records: CustomerRecord | DeletionRecord | MergeRecord) -> None:
    write.apply(org_id=org_id, source_id=source_of(org_id).pk, records=records, now=LATER)
    bring_up_to_date(org_id)


def test_moving_to_another_company_moves_both(org_id: int) -> None:
    person = add_example_b(org_id)
    old, new = add_company(org_id), add_company(org_id)
    tell(org_id, contact(person, old))
    assert standing(old)[2] == 1

    later = contact(person, new)
    later.version = later.observed_at = LATER + timedelta(seconds=1)
    tell(org_id, later)

    assert standing(old) == (None, None, 0, 0, None)
    assert standing(new)[2:] == (1, 1, person.pk)


def test_a_deleted_member_counts_no_more(org_id: int) -> None:
    worst, best = add_example_b(org_id), add_example_f(org_id)
    company = add_company(org_id, worst, best)
    rescore(org_id=org_id, customer_ids=None, now=NOW)
    tell(
        org_id,
        DeletionRecord(kind="customer", external_id=worst.external_id, at=LATER, reason="deleted"),
    )
    assert standing(company)[2:] == (1, 1, best.pk)


def test_a_merged_member_counts_once(org_id: int) -> None:
    gone, stays = add_example_b(org_id), add_example_f(org_id)
    company, left = add_company(org_id, gone, stays), add_company(org_id, gone)
    rescore(org_id=org_id, customer_ids=None, now=NOW)
    tell(org_id, MergeRecord(source=gone.external_id, target=stays.external_id, at=LATER))
    assert standing(company)[2:] == (1, 1, stays.pk)
    assert standing(left)[2:] == (0, 0, None)


def test_an_erased_member_leaves_no_trace(org_id: int) -> None:
    person = add_example_b(org_id)
    company = add_company(org_id, person)
    rescore(org_id=org_id, customer_ids=None, now=NOW)
    erase(org_id, person.pk, now=LATER)
    assert dirty.orgs_with_marks() == [org_id]
    bring_up_to_date(org_id)
    assert standing(company) == (None, None, 0, 0, None)


def test_running_twice_writes_nothing(org_id: int) -> None:
    add_company(org_id, add_example_b(org_id))
    roll_up_all(org_id=org_id, now=NOW)
    before = list(CompanyScore.objects.for_org(org_id).values())
    assert roll_up_all(org_id=org_id, now=LATER) == 1
    assert list(CompanyScore.objects.for_org(org_id).values()) == before


@transaction.atomic
def roll_up_and_crash(org_id: int) -> None:
    roll_up_marked(org_id=org_id, now=NOW)
    raise KeyboardInterrupt


def test_a_crash_gives_the_marks_back(org_id: int) -> None:
    company = add_company(org_id, add_example_b(org_id))
    dirty.mark_companies(org_id, [company.pk])
    with pytest.raises(KeyboardInterrupt):
        roll_up_and_crash(org_id)
    assert DirtyCompany.objects.for_org(org_id).count() == 1


def test_one_organization_does_not_touch_another(org_id: int) -> None:
    theirs = add_company(add_org("Other"), add_example_b(add_org("Third")))
    dirty.mark_companies(org_id, [theirs.pk])
    roll_up_all(org_id=org_id, now=NOW)
    assert not DirtyCompany.objects.for_org(org_id).exists()
    assert not CompanyScore.objects.for_org(theirs.org_id).exists()


def test_the_number_of_statements_does_not_grow_with_the_companies(org_id: int) -> None:
    counts = []
    for companies in (1, 12):
        for _ in range(companies):
            add_company(org_id, add_customer(org_id))
        with CaptureQueriesContext(connection) as queries:
            roll_up_all(org_id=org_id, now=NOW)
        counts.append(len(queries))
    assert counts[0] == counts[1]


class SqlAndPythonAgree(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(
        st.lists(
            st.tuples(st.none() | st.integers(0, 100), st.integers(0, 9), st.booleans()),
            max_size=8,
        )
    )
    def test_on_every_company(self, people: list[tuple[int | None, int, bool]]) -> None:
        org_id = add_org()
        members = [
            add_customer(org_id, deleted_at=NOW if deleted else None) for *_, deleted in people
        ]
        HealthScore.objects.for_org(org_id).bulk_create(
            HealthScore(
                org_id=org_id,
                customer=member,
                score=score,
                recent_conversations=recent,
                config_version=1,
                calculated_at=NOW,
            )
            for member, (score, recent, _deleted) in zip(members, people, strict=True)
        )
        company = add_company(org_id, *members)
        roll_up_all(org_id=org_id, now=NOW)

        alive = [
            (score, recent, member.pk)
            for member, (score, recent, deleted) in zip(members, people, strict=True)
            if not deleted
        ]
        scored = [(score, recent, pk) for score, recent, pk in alive if score is not None]
        row = CompanyScore.objects.for_org(org_id).get(company=company)
        assert row.score == company_score([(score, recent) for score, recent, _ in scored])
        assert (row.members, row.scored_members) == (len(alive), len(scored))
        worst = min(((score, pk) for score, _, pk in scored), default=(0, None))
        assert row.worst_customer_id == worst[1]
