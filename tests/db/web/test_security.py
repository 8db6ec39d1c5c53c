"""Content-Security-Policy, hostile texts, redirects."""

import re

import pytest
from django.test import Client

from pulsescore.store.models import Company, Conversation, Customer
from tests.seeding import Seeded

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7|add:7 }}"
INLINE = re.compile(
    r"<script(?![^>]*(src=|application/json))|\sstyle=|\son[a-z]+=\"|javascript:", re.IGNORECASE
)


@pytest.mark.parametrize("path", ["/", "/customers", "/settings/scoring", "/settings/profile"])
def test_no_page_needs_an_exception_from_the_policy(path: str, alice: Client) -> None:
    response = alice.get(path)

    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert not INLINE.search(response.content.decode())


def test_hostile_texts_render_as_text(alice: Client, alices: Seeded) -> None:
    org_id = alices.organization.pk
    customer = Customer.objects.for_org(org_id).filter(contact_role="user").earliest("id")
    Customer.objects.for_org(org_id).filter(pk=customer.pk).update(
        name=HOSTILE, tags=[HOSTILE], metadata={HOSTILE: HOSTILE}, city=HOSTILE, country=HOSTILE
    )
    Company.objects.for_org(org_id).update(name=HOSTILE, website="javascript:alert(3)")
    Conversation.objects.for_org(org_id).update(subject=HOSTILE, rating_remark=HOSTILE, rating=1)
    company = Company.objects.for_org(org_id).earliest("id")

    for page in (
        "/customers?sort=name",
        f"/customers/{customer.pk}",
        f"/customers/{customer.pk}?tab=attributes",
        "/companies",
        f"/companies/{company.pk}",
        "/",
    ):
        html = alice.get(page).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert 'href="javascript:' not in html


@pytest.mark.parametrize("name", ["None", "[1, 2]", "{'a': 1}", "1e9", "{{ request }}", "%s", "  "])
def test_names_that_look_like_code_are_names(name: str, alice: Client, alices: Seeded) -> None:
    org_id = alices.organization.pk
    Customer.objects.for_org(org_id).update(name=name)
    Company.objects.for_org(org_id).update(name=name)

    assert alice.get("/customers").status_code == 200
    first = Customer.objects.for_org(org_id).earliest("id")
    page = alice.get(f"/customers/{first.pk}")
    assert page.status_code == 200
    assert f'dir="auto">{name.strip().replace(chr(39), "&#x27;")}' in page.content.decode()


@pytest.mark.parametrize("wish", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_logging_in_never_leads_elsewhere(wish: str, stranger: Client, alices: Seeded) -> None:
    response = stranger.post(
        "/login",
        {"email": "alice@example.com", "password": "correct horse battery", "next": wish},
    )

    assert response["Location"] == "/"


@pytest.mark.parametrize(
    "query",
    [
        "search=%00",
        "search=%25_%5C",
        "page=0",
        "page=-1",
        "page=99999999999999999999",
        "risk=purple",
        "sort=password&order=sideways",
        "company=abc",
        "company=0",
        "score_from=x&score_to=9999",
        "tag=%00",
        "tag=" + "a" * 3000,
    ],
)
def test_odd_addresses_of_the_list_are_forgiven(query: str, alice: Client) -> None:
    assert alice.get(f"/customers?{query}").status_code == 200


def test_a_company_of_another_organization_cannot_be_filtered_by(
    charlie: Client, alices: Seeded
) -> None:
    company = Company.objects.for_org(alices.organization.pk).earliest("id")

    assert charlie.get(f"/customers?company={company.pk}").status_code == 404
