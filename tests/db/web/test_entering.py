"""Signing up, logging in and out, forgotten passwords, invitations, several organizations."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import time_machine
from django.conf import LazySettings
from django.core import mail
from django.test import Client

from pulsescore.accounts import actions, posting
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Membership, Organization, Role, User
from tests.seeding import PASSWORD, Seeded

DETAILS = {
    "org_name": "Globex",
    "first_name": "Dana",
    "last_name": "Scott",
    "email": "dana@example.com",
    "password": PASSWORD,
}


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def test_signing_up_founds_an_organization_and_logs_in(stranger: Client) -> None:
    response = stranger.post("/signup", DETAILS, follow=True)

    assert "Welcome, Dana." in text(response)
    assert "Connect Intercom" in text(response)
    membership = Membership.objects.across_orgs("test").get(user__email="dana@example.com")
    assert membership.role == Role.OWNER


def test_what_is_wrong_is_said_beside_its_field_and_the_rest_is_kept(stranger: Client) -> None:
    response = stranger.post("/signup", {**DETAILS, "email": "dana", "password": "short"})

    assert response.status_code == 422
    assert 'value="Globex"' in text(response)
    assert 'aria-describedby="error_email' in text(response)
    assert 'id="error_password"' in text(response)
    assert "short" not in re.sub(r"too short", "", text(response))
    assert not User.objects.exists()


def test_an_address_that_is_taken_is_said(stranger: Client, alices: Seeded) -> None:
    response = stranger.post("/signup", {**DETAILS, "email": "alice@example.com"})

    assert response.status_code == 409
    assert "already an account" in text(response)


def test_logging_in_leads_to_where_one_was_going(stranger: Client, alices: Seeded) -> None:
    response = stranger.post(
        "/login",
        {"email": "alice@example.com", "password": PASSWORD, "next": "/customers?risk=red"},
    )

    assert response["Location"] == "/customers?risk=red"


def test_a_wrong_password_does_not_tell_whether_the_account_exists(
    stranger: Client, alices: Seeded
) -> None:
    known = stranger.post("/login", {"email": "alice@example.com", "password": "wrong"})
    unknown = stranger.post("/login", {"email": "nobody@example.com", "password": "wrong"})

    assert known.status_code == unknown.status_code == 422
    assert "The e-mail address or the password is wrong" in text(known)
    assert "The e-mail address or the password is wrong" in text(unknown)


def test_too_many_attempts_are_told_how_long_to_wait(
    stranger: Client, alices: Seeded, settings: LazySettings
) -> None:
    settings.CONFIG = replace(settings.CONFIG, api_rate=600)
    wrong = {"email": "alice@example.com", "password": "wrong"}
    with time_machine.travel(datetime(2026, 3, 4, 12, 1, tzinfo=UTC), tick=False):
        for _ in range(10):
            assert stranger.post("/login", wrong).status_code == 422
        response = stranger.post("/login", {**wrong, "password": PASSWORD})

    assert response.status_code == 429
    assert response["Retry-After"] == "240"
    assert "Try again in 4 minutes." in text(response)


@pytest.mark.parametrize(
    "wish", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_a_log_in_never_leads_away(wish: str, stranger: Client, alices: Seeded) -> None:
    given = {"email": "alice@example.com", "password": PASSWORD, "next": wish}

    assert stranger.post("/login", given)["Location"] == "/"
    assert stranger.post("/logout", {"next": wish})["Location"] == "/login"


def test_logging_out_ends_the_session(alice: Client) -> None:
    alice.post("/logout")

    assert alice.get("/")["Location"].startswith("/login")


@pytest.mark.django_db(transaction=True)
def test_a_forgotten_password_is_replaced_by_a_mailed_link(
    stranger: Client, alices: Seeded
) -> None:
    mail.outbox.clear()
    stranger.post("/password-reset", {"email": "alice@example.com"})
    assert not mail.outbox
    posting.send_due()
    found = re.search(r"http://[^/\s]+(/password-reset/\S+)", str(mail.outbox[-1].body))
    assert found
    link = found.group(1)

    assert "alice@example.com" in text(stranger.get(link))
    assert stranger.post(link, {"password": "short"}).status_code == 422
    stranger.post(link, {"password": "a new and longer one"})

    assert stranger.get("/").status_code == 200
    assert stranger.get(link).status_code == 404


def test_asking_for_a_link_says_the_same_for_unknown_addresses(stranger: Client) -> None:
    response = stranger.post("/password-reset", {"email": "nobody@example.com"})

    assert response.status_code == 200
    assert "Look into your mailbox" in text(response)
    assert posting.send_due() == 0
    assert not mail.outbox


@pytest.fixture
def invitation_path(
    alices: Seeded, now: datetime, django_capture_on_commit_callbacks: object
) -> str:
    actor = Actor(alices.user, alices.organization.pk, Role.OWNER, "session")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        actions.invite(actor, email="erin@example.com", role=Role.ADMIN, now=now)
    found = re.search(r"http://[^/\s]+(/invitations/\S+)", str(mail.outbox[-1].body))
    assert found
    return found.group(1)


def test_an_invited_person_signs_up_and_joins(stranger: Client, invitation_path: str) -> None:
    assert "Ada Lovelace invites you as admin" in text(stranger.get(invitation_path))

    response = stranger.post(
        invitation_path,
        {"first_name": "Erin", "last_name": "Fox", "password": PASSWORD},
        follow=True,
    )

    assert "You joined Acme." in text(response)
    assert Organization.objects.count() == 1


def test_an_invitation_for_another_address_is_refused_in_words(
    charlie: Client, invitation_path: str
) -> None:
    response = charlie.post(invitation_path)

    assert response.status_code == 422
    assert "for another e-mail address" in text(response)


def test_an_invitation_that_is_gone_says_so(stranger: Client) -> None:
    response = stranger.get("/invitations/unknown")

    assert response.status_code == 404
    assert "Ask for a new one" in text(response)


def test_people_switch_between_their_organizations(alice: Client, alices: Seeded) -> None:
    alice.post("/organizations/new", {"name": "Second"})
    assert "Second is ready." in text(alice.get("/", follow=True))

    alice.post("/organizations/switch", {"organization": alices.organization.pk})

    assert alice.get("/").context["request"].organization == alices.organization


def test_nobody_switches_to_an_organization_they_do_not_belong_to(
    charlie: Client, alices: Seeded
) -> None:
    response = charlie.post("/organizations/switch", {"organization": alices.organization.pk})

    assert response.status_code == 404


def test_a_person_without_an_organization_founds_one_first(alice: Client) -> None:
    Membership.objects.across_orgs("test").all().delete()

    assert alice.get("/customers")["Location"] == "/organizations/new"
    assert "One more thing" in text(alice.get("/organizations/new"))


def test_a_role_change_acts_at_once(bob: Client) -> None:
    Membership.objects.across_orgs("test").filter(user__email="bob@example.com").update(
        role=Role.ADMIN
    )

    assert bob.get("/settings/api-keys").status_code == 200
