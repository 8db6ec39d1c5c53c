"""Customers and companies: what is shown, found, sorted, and how many queries it takes."""

from datetime import datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from pulsescore.scoring.queries import CustomerRow
from pulsescore.store.models import Company, Customer
from tests import seeding
from tests.db.web.conftest import logged_in


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def rows_of(response: object) -> list[CustomerRow]:
    return [row for row, _more in response.context["listing"].rows]  # type: ignore[attr-defined]


def names(response: object) -> list[str | None]:
    return [row.name for row in rows_of(response)]


def test_the_worst_scores_come_first(alice: Client) -> None:
    rows = rows_of(alice.get("/customers"))

    scores = [row.score for row in rows if row.score is not None]
    assert scores == sorted(scores)
    assert len(scores) > 5


def test_searching_finds_part_of_a_name(alice: Client, alices: seeding.Seeded) -> None:
    Customer.objects.for_org(alices.organization.pk).filter(external_id="contact-3").update(
        name="Zelda Quux"
    )

    assert names(alice.get("/customers?search=elda+qu")) == ["Zelda Quux"]


def test_each_filter_narrows(alice: Client) -> None:
    everybody = len(rows_of(alice.get("/customers")))

    for query in ("risk=green", "role=lead", "tag=vip", "score_from=0&score_to=60"):
        found = rows_of(alice.get(f"/customers?{query}"))
        assert 0 < len(found) < everybody, query


def test_htmx_gets_the_results_alone(alice: Client) -> None:
    response = alice.get("/customers?search=a", headers={"HX-Request": "true"})

    assert "<html" not in text(response)
    assert "<table" in text(response)
    assert "HX-Request" in response["Vary"]


def test_going_back_gets_the_whole_page(alice: Client) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}

    assert "<html" in text(alice.get("/customers", headers=headers))


def test_a_search_without_a_match_offers_everybody(alice: Client) -> None:
    html = text(alice.get("/customers?search=nobody-is-called-so"))

    assert "Nobody matches" in html
    assert "Show all customers" in html


def test_without_a_customer_the_list_says_where_they_come_from(charlie: Client) -> None:
    assert "They arrive with the first sync" in text(charlie.get("/customers"))
    assert "They arrive with the first sync" in text(charlie.get("/companies"))


def test_who_has_no_score_says_why(alice: Client) -> None:
    html = text(alice.get("/customers?risk=none"))

    assert "Not enough data: no conversation yet" in html


def test_a_company_lists_its_members_and_opens_their_list(
    alice: Client, alices: seeding.Seeded
) -> None:
    company = Company.objects.for_org(alices.organization.pk).get(name="Globex")
    members = {row.id for row in alice.get(f"/companies/{company.pk}").context["rows"]}

    listed = {row.id for row in rows_of(alice.get(f"/customers?company={company.pk}"))}

    assert members == listed


@pytest.mark.parametrize(
    ("path", "most"), [("/customers", 17), ("/companies", 9), ("/", 16), ("/settings/team", 9)]
)
def test_queries_do_not_grow_with_the_rows(
    path: str,
    most: int,
    db: None,
    now: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for email, customers in (("few@example.com", 4), ("many@example.com", 40)):
        seeded = seeding.seed(email, customers=customers, now=now, days=0)
        client = logged_in(seeded.user)
        with django_assert_max_num_queries(most):
            assert client.get(path).status_code == 200


def test_one_customer_takes_a_fixed_number_of_queries(
    alice: Client, alices: seeding.Seeded, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    customer = Customer.objects.for_org(alices.organization.pk).earliest("id")

    with django_assert_max_num_queries(24):
        alice.get(f"/customers/{customer.pk}")
