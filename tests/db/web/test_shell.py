"""The frame: theme, banner, navigation, menus."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from pulsescore.accounts.models import Membership, Role, User
from tests import seeding
from tests.seeding import Seeded


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def test_the_theme_is_remembered_and_one_stays_on_the_page(alice: Client, alices: Seeded) -> None:
    response = alice.post("/theme", {"theme": "dark", "next": "/customers?risk=red"})

    assert response["Location"] == "/customers?risk=red"
    assert User.objects.get(pk=alices.user.pk).theme == "dark"
    assert 'data-theme="dark"' in text(alice.get("/customers"))


@pytest.mark.parametrize("way", ["https://evil.example/", "//evil.example", "javascript:1", ""])
def test_the_theme_switch_leads_nowhere_else(way: str, alice: Client) -> None:
    assert alice.post("/theme", {"theme": "light", "next": way})["Location"] == "/"


def test_a_theme_that_does_not_exist_is_refused(alice: Client) -> None:
    assert alice.post("/theme", {"theme": "purple"}).status_code == 400


def test_a_script_that_switches_the_theme_is_told_to_refresh(alice: Client) -> None:
    response = alice.post("/theme", {"theme": "dark"}, headers={"HX-Request": "true"})

    assert (response.status_code, response["HX-Refresh"]) == (204, "true")


def test_the_current_place_is_marked_once_for_each_navigation(alice: Client) -> None:
    html = text(alice.get("/customers"))

    assert html.count('aria-current="page"') == 2


def test_the_banner_follows_a_run(alice: Client, alices: Seeded, now: datetime) -> None:
    seeding.add_run(alices.connection, status="running", now=now + timedelta(seconds=1))

    html = text(alice.get("/banner", headers={"HX-Request": "true"}))

    assert "12,400 of 50,000 contacts" in html
    assert 'max="50000" value="12400"' in html


def test_the_banner_says_which_connection_waits_for_a_person(alice: Client, alices: Seeded) -> None:
    seeding.Connection.objects.for_org(alices.organization.pk).update(
        status="needs_attention", last_error="The token was revoked."
    )

    html = text(alice.get("/customers"))

    assert "Acme Support needs attention." in html
    assert "The token was revoked." in html
    assert f'href="/settings/integrations/intercom/{alices.connection.pk}"' in html


def test_a_message_that_was_put_away_stays_away(alice: Client, alices: Seeded) -> None:
    run = seeding.SyncRun.objects.for_org(alices.organization.pk).earliest("id")
    assert "Sync complete" in text(alice.get("/banner"))

    response = alice.post(f"/banner/{run.pk}/dismiss", {"next": "/companies"})

    assert response["Location"] == "/companies"
    assert "Sync complete" not in text(alice.get("/banner"))


def test_the_place_of_the_banner_is_kept_when_there_is_none(alice: Client, alices: Seeded) -> None:
    seeding.SyncRun.objects.for_org(alices.organization.pk).delete()

    assert 'class="banner-slot" id="sync-banner"' in text(alice.get("/customers"))


def test_every_organization_is_one_press_away(
    alice: Client, alices: Seeded, charlie: Client
) -> None:
    elsewhere = Membership.objects.across_orgs("a test looks for another one").get(
        user__email="charlie@example.com"
    )
    Membership(org_id=elsewhere.org_id, user=alices.user, role=Role.MEMBER).save()

    html = text(alice.get("/customers"))

    assert f'value="{elsewhere.org_id}"' in html
    alice.post("/organizations/switch", {"organization": elsewhere.org_id})
    assert "Elsewhere" in text(alice.get("/customers"))
