"""Companies: the list with its scores, and the page of one."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from pulsescore.scoring.actions import rescore
from pulsescore.scoring.models import CompanyScore
from pulsescore.store.models import Company, CompanyMember, Conversation, Customer
from tests import seeding
from tests.db.web.conftest import logged_in
from tests.seeding import Seeded

HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>'


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def names(response: object) -> list[str]:
    return [row.name for row in response.context["companies"]]  # type: ignore[attr-defined]


@pytest.fixture
def company(alices: Seeded) -> Company:
    """The company with most people."""
    rows = CompanyScore.objects.for_org(alices.organization.pk).order_by("-members", "company_id")
    return rows[0].company


def test_the_worst_companies_come_first(alice: Client) -> None:
    rows = alice.get("/companies").context["companies"]

    scores = [row.score for row in rows if row.score is not None]
    assert scores == sorted(scores)
    assert len(scores) > 3


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("name", lambda row: row.name.lower()),
        ("members", lambda row: row.members),
        ("monthly_spend", lambda row: row.monthly_spend),
        ("last_request_at", lambda row: row.last_request_at),
    ],
)
def test_sorting_works_both_ways_and_leaves_the_unknown_last(
    sort: str, key: object, alice: Client
) -> None:
    for order in ("asc", "desc"):
        rows = alice.get(f"/companies?sort={sort}&order={order}").context["companies"]
        values = [key(row) for row in rows]  # type: ignore[operator]
        known = [value for value in values if value is not None]
        assert known == sorted(known, reverse=order == "desc")
        assert values[: len(known)] == known


def test_searching_and_filters_narrow(alice: Client) -> None:
    assert names(alice.get("/companies?search=LOB")) == ["Globex"]
    assert names(alice.get("/companies?search=%25")) == []
    for query in ("plan=Team", "tag=vip", "risk=green", "risk=yellow"):
        rows = alice.get(f"/companies?{query}").context["companies"]
        assert len(rows) < 6, query
    vips = alice.get("/companies?tag=vip").context["companies"]
    assert vips
    assert all("vip" in row.tags for row in vips)


def test_a_search_without_a_match_offers_all(alice: Client) -> None:
    assert "Show all companies" in text(alice.get("/companies?search=nothing-like-it"))


def test_htmx_gets_the_results_alone(alice: Client) -> None:
    response = alice.get("/companies?search=g", headers={"HX-Request": "true"})

    assert "<html" not in text(response)
    assert "Globex" in text(response)


def test_a_company_shows_its_score_people_and_open_conversations(
    alice: Client, company: Company
) -> None:
    response = alice.get(f"/companies/{company.pk}")

    html, stored = text(response), CompanyScore.objects.for_org(company.org_id).get(company=company)
    assert str(stored.score) in html
    rows = response.context["rows"]
    assert rows[0].id == stored.worst_customer_id
    assert len(rows) == stored.members == sum(response.context["levels"].values())
    waiting = [talk.row.waiting_since for talk in response.context["talks"]]
    assert [at for at in waiting if at] == sorted(at for at in waiting if at)
    assert response.context["chart"].points


def test_members_are_searched_and_open_as_a_list(alice: Client, company: Company) -> None:
    member = CompanyMember.objects.for_org(company.org_id).filter(company=company)[0].customer
    Customer.objects.for_org(company.org_id).filter(pk=member.pk).update(name="Zelda Quux")

    rows = alice.get(f"/companies/{company.pk}?search=elda").context["rows"]

    assert [row.id for row in rows] == [member.pk]
    assert f"/customers?company={company.pk}" in text(alice.get(f"/companies/{company.pk}"))


def test_a_company_without_people_says_so(alice: Client, company: Company) -> None:
    CompanyMember.objects.for_org(company.org_id).filter(company=company).delete()
    rescore(org_id=company.org_id, customer_ids=None, now=company.observed_at)

    html = text(alice.get(f"/companies/{company.pk}"))

    assert html.count("It has no members") == 1
    assert "No members" in html


def test_parts_come_alone_and_only_when_something_changed(
    alice: Client, company: Company, now: datetime
) -> None:
    path = f"/companies/{company.pk}"
    for target, mark in (("now", "now_mark"), ("member-rows", "members_mark")):
        headers = {"HX-Request": "true", "HX-Target": target}
        first = alice.get(path, headers=headers)
        assert "<html" not in text(first)
        headers["Pulse-Known"] = first.context[mark]
        assert alice.get(path, headers=headers).status_code == 204
        later = now + timedelta(minutes=len(target))
        Conversation.objects.for_org(company.org_id).update(
            status="closed", reopen_count=9, remote_updated_at=later, updated_at=later
        )
        rescore(org_id=company.org_id, customer_ids=None, now=later)
        Conversation.objects.for_org(company.org_id).update(reopen_count=0)
        assert alice.get(path, headers=headers).status_code == 200, target
        rescore(org_id=company.org_id, customer_ids=None, now=later + timedelta(minutes=1))


def test_hostile_texts_stay_text(alice: Client, company: Company) -> None:
    Company.objects.for_org(company.org_id).filter(pk=company.pk).update(
        name=HOSTILE,
        industry=HOSTILE,
        plan=HOSTILE,
        website="javascript:alert(1)",
        tags=[HOSTILE],
        metadata={HOSTILE: HOSTILE},
    )
    Conversation.objects.for_org(company.org_id).update(subject=HOSTILE)
    Customer.objects.for_org(company.org_id).update(name=HOSTILE)

    for path in ("/companies", f"/companies/{company.pk}", "/companies?search=%00x"):
        html = text(alice.get(path))
        assert "<img" not in html
        assert "<script>alert" not in html
        assert 'href="javascript' not in html


def test_another_organizations_company_is_not_there(charlie: Client, company: Company) -> None:
    assert charlie.get(f"/companies/{company.pk}").status_code == 404
    assert charlie.get("/companies/99999999999999999999").status_code == 404
    assert str(company.name) not in text(charlie.get("/companies"))


@pytest.mark.parametrize("path", ["/companies", "/companies/1"])
def test_companies_are_for_members_to_read(path: str, alice: Client, stranger: Client) -> None:
    assert stranger.get(path).status_code == 302
    assert alice.post(path).status_code == 405


@pytest.mark.parametrize(("path", "most"), [("/companies", 9), ("/companies/{id}", 19)])
def test_queries_do_not_grow_with_the_rows(
    path: str,
    most: int,
    db: None,
    now: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for email, customers in (("few@example.com", 4), ("many@example.com", 40)):
        seeded = seeding.seed(email, customers=customers, now=now, days=0)
        biggest = CompanyScore.objects.for_org(seeded.organization.pk).order_by("-members")[0]
        client = logged_in(seeded.user)
        with django_assert_max_num_queries(most):
            assert client.get(path.format(id=biggest.company_id)).status_code == 200
