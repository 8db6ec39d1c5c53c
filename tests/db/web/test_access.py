"""Who may open which page: members, admins, strangers, people of other organizations."""

from typing import Any

import pytest
from django.test import Client

from pulsescore.store.models import Company, Customer
from tests.seeding import Seeded

MEMBER_PAGES = (
    "/",
    "/customers",
    "/customers/{customer}",
    "/customers/{customer}?tab=timeline",
    "/customers/{customer}?tab=attributes",
    "/customers/{customer}?tab=notes",
    "/companies",
    "/companies/{company}",
    "/settings/integrations",
    "/settings/integrations/intercom/{connection}",
    "/settings/integrations/intercom/{connection}/runs",
    "/settings/integrations/intercom/{connection}/skipped",
    "/settings/integrations/intercom/{connection}/webhooks",
    "/settings/integrations/intercom/{connection}/log",
    "/settings/scoring",
    "/settings/scoring/rescoring",
    "/settings/team",
    "/settings/organization",
    "/settings/profile",
    "/settings/security",
    "/settings/security/app",
    "/banner",
)
ADMIN_PAGES = (
    "/settings/api-keys",
    "/settings/sources",
    "/settings/audit-log",
    "/settings/integrations/intercom/connect",
    "/settings/integrations/intercom/{connection}/disconnect",
)
OWNED = tuple(page for page in (*MEMBER_PAGES, *ADMIN_PAGES) if "{" in page)
POSTS = (
    "/customers/{customer}/recalculate",
    "/customers/{customer}/notes",
    "/settings/team/invite",
    "/settings/scoring/preview",
    "/settings/integrations/intercom/{connection}/sync",
    "/settings/integrations/intercom/{connection}/update",
    "/organizations/switch",
    "/logout",
)
ADMIN_POSTS = (
    "/settings/team/invite",
    "/settings/scoring",
    "/settings/scoring/preview",
    "/settings/integrations/intercom/{connection}/sync",
    "/settings/integrations/intercom/{connection}/update",
    "/settings/integrations/intercom/{connection}/disconnect",
)


def address(path: str, alices: Seeded) -> str:
    ids: dict[str, Any] = {
        "customer": Customer.objects.for_org(alices.organization.pk).earliest("id").pk,
        "company": Company.objects.for_org(alices.organization.pk).earliest("id").pk,
        "connection": alices.connection.pk,
    }
    return path.format(**ids)


@pytest.mark.parametrize("path", [*MEMBER_PAGES, *ADMIN_PAGES])
def test_an_owner_opens_every_page(path: str, alice: Client, alices: Seeded) -> None:
    assert alice.get(address(path, alices)).status_code == 200


@pytest.mark.parametrize("path", MEMBER_PAGES)
def test_a_member_opens_what_members_read(path: str, bob: Client, alices: Seeded) -> None:
    assert bob.get(address(path, alices)).status_code == 200


@pytest.mark.parametrize("path", ADMIN_PAGES)
def test_a_member_is_told_which_role_a_page_needs(path: str, bob: Client, alices: Seeded) -> None:
    response = bob.get(address(path, alices))

    assert response.status_code == 403
    assert "needs the role admin" in response.content.decode()


@pytest.mark.parametrize("path", ADMIN_POSTS)
def test_a_member_cannot_change_what_admins_configure(
    path: str, bob: Client, alices: Seeded
) -> None:
    assert bob.post(address(path, alices)).status_code == 403


@pytest.mark.parametrize("path", OWNED)
def test_ids_of_another_organization_are_not_found(
    path: str, charlie: Client, alices: Seeded
) -> None:
    assert charlie.get(address(path, alices)).status_code == 404


@pytest.mark.parametrize("path", [page for page in ADMIN_POSTS if "{" in page])
def test_another_organizations_things_cannot_be_changed(
    path: str, charlie: Client, alices: Seeded
) -> None:
    assert charlie.post(address(path, alices)).status_code == 404


@pytest.mark.parametrize("path", [*MEMBER_PAGES, *ADMIN_PAGES])
def test_a_stranger_is_sent_to_the_log_in_and_back(
    path: str, stranger: Client, alices: Seeded
) -> None:
    response = stranger.get(address(path, alices))

    assert response.status_code == 302
    assert response["Location"].startswith("/login?next=/")


@pytest.mark.parametrize("path", POSTS)
def test_what_changes_things_cannot_be_fetched(path: str, alice: Client, alices: Seeded) -> None:
    assert alice.get(address(path, alices)).status_code == 405


def test_a_page_that_does_not_exist_offers_a_way_on(alice: Client) -> None:
    response = alice.get("/nowhere")

    assert response.status_code == 404
    assert "Go to the dashboard" in response.content.decode()


@pytest.mark.parametrize("identifier", ["0", "999999999999999999999", "-1", "x", "1.5"])
def test_ids_that_cannot_exist_are_not_found(identifier: str, alice: Client) -> None:
    assert alice.get(f"/customers/{identifier}").status_code == 404


def test_a_form_without_its_token_is_refused_in_words(alices: Seeded) -> None:
    client = Client(enforce_csrf_checks=True)

    response = client.post("/login", {"email": "alice@example.com", "password": "x"})

    assert response.status_code == 403
    assert "This form is too old" in response.content.decode()


def test_the_style_page_exists_in_development_only(
    stranger: Client, settings: pytest.FixtureRequest
) -> None:
    assert stranger.get("/_style").status_code == 404
    settings.DEBUG = True  # type: ignore[attr-defined]
    assert stranger.get("/_style").status_code == 200
