"""Views of the customer list: kept under a name, opened again, shared or one's own."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from pulsescore.accounts.models import SavedView
from pulsescore.accounts.saved_views import MAX_VIEWS
from pulsescore.store.models import Company
from tests.seeding import Seeded


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def keep(client: Client, name: str, query: str = "risk=red&tag=vip", **more: str) -> SavedView:
    response = client.post("/customers/views/new", {"name": name, "query": query, **more})
    assert response.status_code == 302, text(response)
    return SavedView.objects.across_orgs("a test looks").get(name=name)


def test_what_the_list_shows_is_kept_under_a_name(alice: Client, alices: Seeded) -> None:
    assert "Save view" in text(alice.get("/customers?risk=red"))
    form = text(alice.get("/customers/views/new?risk=red&page=3&nonsense=1"))
    assert 'name="query" value="risk=red"' in form

    view = keep(alice, "VIPs in trouble")

    assert (view.query, view.shared) == ("risk=red&tag=vip", False)
    assert "score" in view.columns
    assert "VIPs in trouble" in text(alice.get("/customers"))


def test_opening_a_view_brings_back_its_filters_and_columns(alice: Client) -> None:
    alice.post("/customers/columns", {"column": ["score", "owner"]})
    view = keep(alice, "Owners")
    alice.post("/customers/columns", {"column": ["score"]})

    response = alice.post(f"/customers/views/{view.pk}/open", follow=True)

    assert response.redirect_chain[-1][0] == "/customers?risk=red&tag=vip"
    assert "head-owner" in text(response) or 'value="owner" checked' in text(response)


def test_the_list_begins_with_the_view_that_one_chose(alice: Client) -> None:
    view = keep(alice, "Mine", default="1")

    assert alice.get("/customers")["Location"] == "/customers?risk=red&tag=vip"
    assert alice.get("/customers?sort=name").status_code == 200
    assert "begins your list" in text(alice.get("/customers/views"))

    alice.post(f"/customers/views/{view.pk}/default", {"default": "0"})
    assert alice.get("/customers").status_code == 200


def test_a_default_whose_company_is_gone_leads_to_the_list_of_views(
    alice: Client, alices: Seeded
) -> None:
    companies = Company.objects.for_org(alices.organization.pk)
    company = companies.earliest("id")
    keep(alice, "Their people", query=f"company={company.pk}", default="1")
    assert alice.get("/customers")["Location"] == f"/customers?company={company.pk}"

    companies.filter(pk=company.pk).update(deleted_at=company.observed_at)

    assert "Their people" in text(alice.get("/customers", follow=True))


def test_only_shared_views_are_seen_by_others(alice: Client, bob: Client) -> None:
    own = keep(alice, "Private one")
    shared = keep(alice, "For everybody here", shared="1")

    html = text(bob.get("/customers/views"))

    assert "For everybody here" in html
    assert "Private one" not in html
    assert bob.post(f"/customers/views/{own.pk}/open").status_code == 404
    assert bob.post(f"/customers/views/{shared.pk}/open").status_code == 302
    assert bob.post(f"/customers/views/{shared.pk}/delete").status_code == 403
    assert bob.post(f"/customers/views/{shared.pk}/change", {"name": "Mine"}).status_code == 403


def test_a_view_that_is_shared_no_longer_begins_nobodys_list(alice: Client, bob: Client) -> None:
    view = keep(alice, "Team view", shared="1")
    bob.post(f"/customers/views/{view.pk}/default", {"default": "1"})
    assert bob.get("/customers").status_code == 302

    alice.post(f"/customers/views/{view.pk}/change", {"name": "Team view"})

    assert bob.get("/customers").status_code == 200


def test_a_view_is_renamed_and_deleted(alice: Client) -> None:
    view = keep(alice, "Old name")

    alice.post(f"/customers/views/{view.pk}/change", {"name": "New name", "shared": "1"})
    html = text(alice.get("/customers/views"))
    assert "New name" in html
    assert "shared by" in html

    alice.post(f"/customers/views/{view.pk}/delete")
    assert "No view yet" in text(alice.get("/customers/views"))


def test_admins_may_change_what_members_share(alice: Client, bob: Client) -> None:
    view = keep(bob, "Bob's", shared="1")

    assert alice.post(f"/customers/views/{view.pk}/delete").status_code == 302
    assert not SavedView.objects.across_orgs("a test looks").exists()


@pytest.mark.parametrize(
    ("name", "said"), [("", "Enter a value."), ("x" * 81, "Use at most 80 characters.")]
)
def test_a_wrong_name_is_refused_beside_its_field(name: str, said: str, alice: Client) -> None:
    response = alice.post("/customers/views/new", {"name": name, "query": "risk=red"})

    assert response.status_code == 422
    assert said in text(response)


def test_nobody_keeps_more_than_fifty(alice: Client, alices: Seeded) -> None:
    first = keep(alice, "First")
    SavedView.objects.for_org(alices.organization.pk).bulk_create(
        SavedView(
            org_id=first.org_id, user=alices.user, name=f"View {place}", created_at=first.created_at
        )
        for place in range(MAX_VIEWS - 1)
    )

    response = alice.post("/customers/views/new", {"name": "One more", "query": ""})

    assert "You have 50 views already" in text(response)


def test_the_list_of_views_costs_the_same_however_long_it_is(
    alice: Client, alices: Seeded, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    company = Company.objects.for_org(alices.organization.pk).earliest("id")
    for place in range(6):
        keep(alice, f"View {place}", query=f"company={company.pk + 99_999 * place}&risk=red")

    with django_assert_max_num_queries(10):
        html = text(alice.get("/customers/views"))

    assert company.name in html
    assert "a company" in html, "one that is gone does not take the page with it"


def test_hostile_names_are_text(alice: Client) -> None:
    keep(alice, '"><script>alert(1)</script>', shared="1")

    assert "<script>alert(1)" not in text(alice.get("/customers/views"))
    assert "<script>alert(1)" not in text(alice.get("/customers?risk=red"))


def test_strangers_and_other_organizations_find_nothing(
    alice: Client, charlie: Client, stranger: Client
) -> None:
    view = keep(alice, "Ours", shared="1")

    assert "Ours" not in text(charlie.get("/customers/views"))
    assert charlie.post(f"/customers/views/{view.pk}/open").status_code == 404
    assert stranger.get("/customers/views").status_code == 302
    assert alice.get(f"/customers/views/{view.pk}/open").status_code == 405
