"""Questions about companies: the list, one, those of a customer, and how a score went."""

from datetime import timedelta

import pytest

from pulsescore.core.errors import Invalid, NotFound
from pulsescore.scoring import queries
from pulsescore.scoring.actions import rescore
from pulsescore.scoring.models import HealthScore
from pulsescore.scoring.queries import CompanyFilters
from tests.db.scoring.people import (
    NOW,
    add_company,
    add_conversation,
    add_customer,
    add_example_b,
    add_example_f,
    add_org,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def org_id() -> int:
    return add_org()


def listed(org_id: int, sort: str = "name", order: str = "asc", **filters: str) -> list[str | None]:
    page = queries.list_companies(org_id, filters=CompanyFilters(**filters), sort=sort, order=order)
    return [row.name for row in page.companies]


def test_companies_without_a_score_come_last_in_either_order(org_id: int) -> None:
    add_company(org_id, add_example_b(org_id), name="Low")
    add_company(org_id, add_example_f(org_id), name="High")
    add_company(org_id, name="None")
    rescore(org_id=org_id, customer_ids=None, now=NOW)

    assert listed(org_id, "score", "asc") == ["Low", "High", "None"]
    assert listed(org_id, "score", "desc") == ["High", "Low", "None"]
    assert listed(org_id, risk="red") == ["Low"]
    assert listed(org_id, risk="none") == ["None"]


def test_before_the_first_roll_up_companies_are_there_without_a_score(org_id: int) -> None:
    company = add_company(org_id, add_example_b(org_id), name="New")

    assert listed(org_id, "score") == ["New"]
    assert queries.get_company(org_id, company.pk).score is None


def test_a_search_takes_its_signs_literally(org_id: int) -> None:
    add_company(org_id, name="100 % Cotton", company_key="k_1")
    add_company(org_id, name="100 Grams")

    assert listed(org_id, search="0 %") == ["100 % Cotton"]
    assert listed(org_id, search="K_") == ["100 % Cotton"]


def test_wrong_questions_are_refused(org_id: int) -> None:
    for wrong in ({"sort": "size"}, {"order": "up"}, {"page": 0}, {"per_page": 101}):
        with pytest.raises(Invalid):
            queries.list_companies(org_id, filters=CompanyFilters(), **wrong)  # type: ignore[arg-type]
    with pytest.raises(Invalid):
        queries.list_companies(org_id, filters=CompanyFilters(risk="blue"))


def test_another_organizations_company_is_not_found(org_id: int) -> None:
    theirs = add_company(add_org("Other"), name="Theirs")

    with pytest.raises(NotFound):
        queries.get_company(org_id, theirs.pk)
    with pytest.raises(NotFound):
        queries.get_company(org_id, 2**63)
    assert queries.get_company_rows(org_id, [theirs.pk]) == []
    assert listed(org_id) == []


def test_a_customers_companies_come_by_name(org_id: int) -> None:
    person = add_example_f(org_id)
    add_company(org_id, person, name="beta")
    add_company(org_id, person, name="Alpha")
    add_company(org_id, person, name="Gone", deleted_at=NOW)

    assert [row.name for row in queries.list_companies_of(org_id, person.pk)] == ["Alpha", "beta"]


def test_members_are_counted_by_level(org_id: int) -> None:
    company = add_company(
        org_id, add_example_b(org_id), add_example_f(org_id), add_customer(org_id)
    )
    rescore(org_id=org_id, customer_ids=None, now=NOW)

    assert queries.member_levels(org_id, company.pk) == {
        "green": 1,
        "yellow": 0,
        "red": 1,
        "none": 1,
    }


def test_plans_and_tags_are_offered_once_each(org_id: int) -> None:
    add_company(org_id, plan="Team", tags=["vip", "Beta"])
    add_company(org_id, plan="Team", tags=["vip"])
    add_company(org_id, plan="", tags=[], deleted_at=None)

    assert queries.company_choices(org_id) == (["Team"], ["Beta", "vip"])


def test_the_trend_follows_the_members_and_ends_at_the_present_score(org_id: int) -> None:
    person = add_example_f(org_id)
    company = add_company(org_id, person)
    rescore(org_id=org_id, customer_ids=None, now=NOW - timedelta(days=3))
    add_conversation(person, created=1, updated=1)
    rescore(org_id=org_id, customer_ids=None, now=NOW)

    days = queries.company_trend(org_id, company.pk, days=5, now=NOW)

    assert [day.on for day in days] == [
        (NOW - timedelta(days=back)).date() for back in range(4, -1, -1)
    ]
    assert days[0].score is None
    assert days[1].score == days[2].score == days[3].score
    assert days[1].risk_level == "green"
    assert days[4].score == queries.get_company(org_id, company.pk).score
    assert days[4].score != days[3].score


def test_points_from_before_the_chart_carry_into_it(org_id: int) -> None:
    company = add_company(org_id, add_example_f(org_id))
    rescore(org_id=org_id, customer_ids=None, now=NOW - timedelta(days=9))

    days = queries.company_trend(org_id, company.pk, days=3, now=NOW)

    assert None not in [day.score for day in days]


def test_the_past_of_very_many_is_that_of_those_who_weigh_most(org_id: int) -> None:
    busy, quiet = add_example_f(org_id), add_example_b(org_id)
    company = add_company(org_id, busy, quiet)
    rescore(org_id=org_id, customer_ids=None, now=NOW - timedelta(days=3))
    rescore(org_id=org_id, customer_ids=None, now=NOW)
    HealthScore.objects.for_org(org_id).filter(customer=busy).update(recent_conversations=50)
    whole = queries.company_trend(org_id, company.pk, days=3, now=NOW)
    capped = queries.company_trend(org_id, company.pk, days=3, now=NOW, most=1)
    alone = queries.company_trend(org_id, add_company(org_id, busy).pk, days=3, now=NOW)
    assert [day.score for day in capped[:-1]] == [day.score for day in alone[:-1]]
    assert [day.score for day in capped[:-1]] != [day.score for day in whole[:-1]]
    assert capped[-1].score == queries.get_company(org_id, company.pk).score
