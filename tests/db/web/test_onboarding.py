"""Onboarding: the next step for whoever looks, whenever they look."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings
from django.test import Client

from pulsescore.accounts.models import Membership, Organization, Role, User
from pulsescore.connectors.intercom.models import Connection
from pulsescore.web.models import Dismissal
from tests import seeding, seeding_intercom
from tests.db.web.conftest import logged_in
from tests.seeding import Seeded


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def newcomers(db: None, now: datetime) -> Organization:
    _user, organization = seeding.register("new@example.com", name="Newcomer Inc", now=now)
    return organization


@pytest.fixture
def newcomer(newcomers: Organization) -> Client:
    return logged_in(User.objects.get(email="new@example.com"))


@pytest.fixture
def team_mate(newcomers: Organization) -> Client:
    user = User.objects.create_user("mate@example.com", seeding.PASSWORD, first_name="Mate")
    Membership(org=newcomers, user=user, role=Role.MEMBER).save()
    return logged_in(user)


@pytest.fixture
def first_connection(newcomers: Organization, now: datetime) -> Connection:
    connection = seeding.connect(newcomers.pk, now=now)
    seeding_intercom.first_import(connection, now=now)
    connection.refresh_from_db(from_queryset=Connection.objects.for_org(newcomers.pk))
    return connection


def test_the_dashboard_of_a_new_organization_leads_to_the_first_step(newcomer: Client) -> None:
    response = newcomer.get("/", follow=True)

    assert response.redirect_chain == [("/welcome", 302)]
    html = text(response)
    for said in ("Newcomer Inc is ready", "Connect Intercom", "Nothing is ever created", "Region"):
        assert said in html
    assert "Read and list users and companies" in html


def test_with_an_app_the_way_through_intercom_comes_first(
    newcomer: Client, settings: LazySettings
) -> None:
    settings.CONFIG = replace(settings.CONFIG, intercom_client_id="client")

    html = text(newcomer.get("/welcome"))

    assert "app.eu.intercom.com (Europe)" in html
    assert "Use an access token instead" in html


def test_the_chosen_region_decides_which_page_of_intercom_is_left_for(
    newcomer: Client, settings: LazySettings
) -> None:
    settings.CONFIG = replace(settings.CONFIG, intercom_client_id="client", intercom_oauth_url="")

    there = newcomer.get("/integrations/intercom/connect?oauth_region=eu")
    elsewhere = newcomer.get("/integrations/intercom/connect?oauth_region=moon")

    assert there["Location"].startswith("https://app.eu.intercom.com/oauth?")
    assert elsewhere["Location"].startswith("https://app.intercom.com/oauth?")


def test_a_member_sees_whom_to_ask_and_no_form(team_mate: Client) -> None:
    html = text(team_mate.get("/welcome"))

    assert "Ask Ada Lovelace" in html
    assert "access_token" not in html
    assert "pulse:runs" in html


def test_a_member_cannot_connect(team_mate: Client) -> None:
    assert team_mate.post("/welcome", {"access_token": "x"}).status_code == 403


def test_a_token_that_is_none_is_refused_beside_its_field_and_not_sent_back(
    newcomer: Client,
) -> None:
    secret = "dG9rOnNlY3JldC1zZWNyZXQ="
    response = newcomer.post(
        "/welcome", {"access_token": f"{secret}é", "mode": "read_only", "conversation_days": "90"}
    )

    assert response.status_code == 422
    assert 'id="error_access_token"' in text(response)
    assert secret not in text(response)


def test_a_half_filled_form_is_never_swapped_away(newcomer: Client) -> None:
    assert 'hx-get="/welcome"' not in text(newcomer.get("/welcome"))


def test_the_import_is_watched_live(newcomer: Client, first_connection: Connection) -> None:
    html = text(newcomer.get("/welcome"))

    assert "Your customers are on their way" in html
    assert "12,400 of 50,000 contacts" in html
    assert "Contacts and companies come first" in html
    assert 'hx-trigger="pulse:runs from:body, pulse:scores from:body"' in html
    part = text(newcomer.get("/welcome", headers={"HX-Request": "true"}))
    assert "<html" not in part


def test_a_failed_import_says_why_and_what_to_do(
    newcomer: Client, team_mate: Client, first_connection: Connection, now: datetime
) -> None:
    seeding.add_run(
        first_connection,
        status="failed",
        now=now + timedelta(minutes=1),
        error="Intercom did not answer for an hour.",
    )

    html, seen_by_mate = text(newcomer.get("/welcome")), text(team_mate.get("/welcome"))

    assert "Intercom did not answer for an hour." in html
    assert "Try again" in html
    assert "Try again" not in seen_by_mate
    assert "Ada Lovelace can start it again" in seen_by_mate


def test_a_refused_token_during_the_import_is_mended_from_here(
    newcomer: Client, first_connection: Connection, now: datetime
) -> None:
    Connection.objects.for_org(first_connection.org_id).update(
        status="needs_attention",
        attention_code="token_refused",
        last_error="Intercom no longer accepts the access token.",
        attention_since=now,
    )

    html = text(newcomer.get("/welcome"))

    assert "Intercom no longer accepts the access token." in html
    assert f"?again={first_connection.pk}" in html


def test_who_disconnects_before_the_first_import_begins_again(
    newcomer: Client, first_connection: Connection
) -> None:
    Connection.objects.for_org(first_connection.org_id).update(status="disconnected")

    assert "Read and list users and companies" in text(newcomer.get("/welcome"))


def test_the_first_look_names_the_worst_three_and_what_comes_next(
    alice: Client, alices: Seeded
) -> None:
    response = alice.get("/welcome")
    html = text(response)

    scores = [one.score for one in response.context["worst"]]
    assert len(scores) == 3
    assert scores == sorted(scores)
    assert "12 customers" in html
    for task in ("Invite your team", "Set up webhooks", "Adjust scoring"):
        assert task in html


def test_an_import_without_customers_says_why(
    newcomer: Client, newcomers: Organization, now: datetime
) -> None:
    seeding.connect(newcomers.pk, now=now)

    assert "No customers yet" in text(newcomer.get("/welcome"))


def done(client: Client) -> dict[str, bool]:
    return {task.title: task.done for task in client.get("/welcome").context["tasks"]}


def test_the_list_of_first_things_is_ticked_by_facts(
    alice: Client, alices: Seeded, now: datetime
) -> None:
    assert done(alice) == {
        "Connect Intercom and import": True,
        "Set up webhooks": True,
        "Invite your team": False,
        "Adjust scoring": False,
    }

    alice.post("/settings/team/invite", {"email": "tom@example.com", "role": "member"})

    assert done(alice)["Invite your team"]


def test_the_list_is_put_away_for_this_person_only(
    alice: Client, alices: Seeded, now: datetime
) -> None:
    owner = User.objects.create_user("owner@example.com", seeding.PASSWORD, first_name="Olga")
    Membership(org=alices.organization, user=owner, role=Role.OWNER).save()

    for _press in range(2):
        assert alice.post("/welcome/dismiss").status_code == 302

    assert done(alice) == {}
    assert done(logged_in(owner)) != {}
    assert Dismissal.objects.for_org(alices.organization.pk).count() == 1


def test_the_dashboard_asks_for_the_list_until_all_is_done(
    alice: Client, bob: Client, alices: Seeded
) -> None:
    assert "/welcome/list" in text(alice.get("/"))
    assert "/welcome/list" not in text(bob.get("/"))
    assert "Invite your team" in text(alice.get("/welcome/list"))

    alice.post("/welcome/dismiss")

    assert text(alice.get("/welcome/list")).strip() == ""


def test_members_get_no_list_of_what_they_cannot_do(bob: Client, alices: Seeded) -> None:
    assert done(bob) == {}
    assert bob.post("/welcome/dismiss").status_code == 403


def test_a_stranger_is_sent_to_the_log_in(stranger: Client) -> None:
    assert stranger.get("/welcome")["Location"] == "/login?next=/welcome"
