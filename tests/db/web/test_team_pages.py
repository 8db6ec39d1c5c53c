"""Settings → Team and API keys: who sees what, who may do what, and what happens then."""

import re
from datetime import datetime

import pytest
from django.core import mail
from django.test import Client

from pulsescore.accounts.models import ApiKey, Invitation, Membership, Role, User
from tests.db.web.conftest import logged_in
from tests.seeding import PASSWORD, Seeded
from tests.seeding_team import HOSTILE, Team, add_team, join


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def team(alices: Seeded, now: datetime) -> Team:
    return add_team(alices, now=now)


@pytest.fixture
def admin(team: Team) -> Client:
    return logged_in(team.admin.user)


@pytest.fixture
def member(team: Team) -> Client:
    return logged_in(team.member.user)


def test_the_team_shows_roles_activity_and_second_steps(alice: Client, team: Team) -> None:
    page = text(alice.get("/settings/team"))

    assert "Bob Berg" in page
    assert "5 hours ago" in page
    assert page.count("lucide-shield-check") + page.count(">On<") >= 1
    assert "erin@example.com" in page


def test_members_see_the_list_and_no_buttons(member: Client, team: Team) -> None:
    page = text(member.get("/settings/team"))

    assert "Bob Berg" in page
    assert "erin@example.com" in page
    assert "Send invitation" not in page
    assert "Withdraw" not in page
    assert "Two-step" not in page
    assert page.count(f"/settings/team/{team.member.pk}/remove") == 1
    assert f"/settings/team/{team.admin.pk}/remove" not in page


def test_hostile_names_are_text(alice: Client, team: Team) -> None:
    page = text(alice.get("/settings/team"))

    assert HOSTILE[:20] not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_queries_of_the_team_do_not_grow_with_it(
    alice: Client,
    alices: Seeded,
    team: Team,
    now: datetime,
    django_assert_max_num_queries: object,
) -> None:
    alice.get("/settings/team")
    for number in range(12):
        join(alices, f"p{number}@example.com", role=Role.MEMBER, first_name="P", now=now)

    with django_assert_max_num_queries(9):  # type: ignore[operator]
        alice.get("/settings/team")


ADMIN_POSTS = (
    "/settings/team/invitations/{invitation}/revoke",
    "/settings/team/invitations/{invitation}/again",
    "/settings/team/invitations/{invitation}/link",
    "/settings/team/{member}/role",
    "/settings/team/{admin}/remove",
    "/settings/api-keys/{key}/revoke",
)


def address(path: str, team: Team) -> str:
    return path.format(
        invitation=team.invitation.pk,
        member=team.member.pk,
        admin=team.admin.pk,
        key=team.key.pk,
    )


@pytest.mark.parametrize("path", ADMIN_POSTS)
def test_members_are_refused_what_admins_do(path: str, member: Client, team: Team) -> None:
    assert member.post(address(path, team), {"role": "owner"}).status_code == 403


@pytest.mark.parametrize("path", ADMIN_POSTS)
def test_another_organizations_team_cannot_be_touched(
    path: str, charlie: Client, team: Team
) -> None:
    assert charlie.post(address(path, team), {"role": "member"}).status_code == 404


@pytest.mark.parametrize("path", ADMIN_POSTS)
def test_strangers_are_sent_to_the_log_in(path: str, stranger: Client, team: Team) -> None:
    assert stranger.post(address(path, team))["Location"].startswith("/login")


@pytest.mark.parametrize("path", [one for one in ADMIN_POSTS if "invitations" in one])
def test_what_changes_invitations_cannot_be_fetched(path: str, alice: Client, team: Team) -> None:
    assert alice.get(address(path, team)).status_code == 405


def test_admins_do_not_touch_owners(admin: Client, alices: Seeded, team: Team) -> None:
    owner = Membership.objects.for_org(alices.organization.pk).get(role=Role.OWNER)

    assert admin.post(f"/settings/team/{owner.pk}/role", {"role": "member"}).status_code == 403
    assert admin.post(f"/settings/team/{owner.pk}/remove").status_code == 403
    assert admin.get(f"/settings/team/{owner.pk}/remove").status_code == 403
    granted = admin.post(f"/settings/team/{team.member.pk}/role", {"role": "owner"})
    assert granted.status_code == 403
    assert f'id="role-{owner.pk}"' not in text(admin.get("/settings/team"))


def test_the_last_owner_stays(alice: Client, alices: Seeded) -> None:
    own = Membership.objects.for_org(alices.organization.pk).get(user=alices.user)

    demoted = alice.post(f"/settings/team/{own.pk}/role", {"role": "member"})
    left = alice.post(f"/settings/team/{own.pk}/remove")

    assert (demoted.status_code, left.status_code) == (409, 409)
    assert "at least one owner" in text(left)


def test_a_member_leaves_and_is_out_at_once(member: Client, team: Team) -> None:
    assert "Leave Acme?" in text(member.get(f"/settings/team/{team.member.pk}/remove"))
    member.post(f"/settings/team/{team.member.pk}/remove")

    assert member.get("/customers")["Location"] == "/organizations/new"


def test_an_invitation_is_sent_again_with_a_fresh_link(
    alice: Client, team: Team, django_capture_on_commit_callbacks: object
) -> None:
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        answer = alice.post(f"/settings/team/invitations/{team.invitation.pk}/again", follow=True)

    assert "Sent again to erin@example.com" in text(answer)
    found = re.search(r"(/invitations/\S+)", str(mail.outbox[0].body))
    assert found
    assert "Join Acme" in text(Client().get(found.group(1)))


def test_a_copied_link_is_shown_once_and_proves_no_mailbox(
    alice: Client, stranger: Client, team: Team
) -> None:
    page = text(alice.post(f"/settings/team/invitations/{team.invitation.pk}/link"))
    found = re.search(r"<code>http://[^/]+(/invitations/[^<]+)</code>", page)
    assert found
    assert found.group(1) not in text(alice.get("/settings/team"))

    joined = {"first_name": "Erin", "last_name": "Fox", "password": PASSWORD}
    stranger.post(found.group(1), joined)

    assert User.objects.get(email="erin@example.com").email_verified_at is None


def test_a_mailed_invitation_proves_the_mailbox_and_brings_the_time_zone(
    alice: Client,
    alices: Seeded,
    stranger: Client,
    django_capture_on_commit_callbacks: object,
) -> None:
    alice.post("/settings/organization", {"name": "Acme", "time_zone": "Asia/Tokyo"})
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        alice.post("/settings/team/invite", {"email": "gail@example.com", "role": "member"})
    found = re.search(r"(/invitations/\S+)", str(mail.outbox[-1].body))
    assert found
    stranger.post(found.group(1), {"first_name": "Gail", "last_name": "Fox", "password": PASSWORD})

    gail = User.objects.get(email="gail@example.com")
    assert gail.email_verified_at is not None
    assert gail.time_zone == "Asia/Tokyo"


def test_somebody_with_an_account_is_led_to_the_log_in(
    alice: Client, stranger: Client, charlie: Client, team: Team
) -> None:
    User.objects.create_user("erin@example.com", PASSWORD)
    page = text(alice.post(f"/settings/team/invitations/{team.invitation.pk}/link"))
    found = re.search(r"<code>http://[^/]+(/invitations/[^<]+)</code>", page)
    assert found
    link = found.group(1)

    assert "Log in to join" in text(stranger.get(link))
    elsewhere = text(charlie.get(link))
    assert "You are logged in as somebody else" in elsewhere
    assert charlie.post("/logout", {"next": link})["Location"] == link


def test_a_key_is_shown_once_and_listed_without_its_secret(alice: Client, team: Team) -> None:
    answer = alice.post("/settings/api-keys", {"name": "Robot", "power": "read", "days": "30"})
    secret = re.search(r"<code>(ps_[^<]+)</code>", text(answer))

    assert secret
    assert answer["Cache-Control"] == "no-store"
    assert secret.group(1) not in text(alice.get("/settings/api-keys"))
    key = ApiKey.objects.for_org(team.key.org_id).get(name="Robot")
    assert (key.role, key.scopes) == ("member", ["read"])


@pytest.mark.parametrize(
    "given",
    [
        {"name": "", "power": "read", "days": "30"},
        {"name": "x", "power": "everything", "days": "30"},
        {"name": "x" * 81, "power": "read", "days": ""},
    ],
)
def test_a_key_that_makes_no_sense_is_not_made(
    given: dict[str, str], alice: Client, team: Team
) -> None:
    before = ApiKey.objects.for_org(team.key.org_id).count()

    assert alice.post("/settings/api-keys", given).status_code == 422
    assert ApiKey.objects.for_org(team.key.org_id).count() == before


def test_revoking_a_key_asks_first(alice: Client, team: Team) -> None:
    path = f"/settings/api-keys/{team.key.pk}/revoke"

    assert "Revoke “Nightly export”?" in text(alice.get(path))
    alice.post(path)

    assert alice.get(path).status_code == 404
    assert "Nightly export" not in text(alice.get("/settings/api-keys"))


def test_withdrawn_invitations_are_gone(alice: Client, team: Team) -> None:
    alice.post(f"/settings/team/invitations/{team.invitation.pk}/revoke")

    assert "erin@example.com" not in text(alice.get("/settings/team"))
    open_ones = Invitation.objects.for_org(team.invitation.org_id).filter(revoked_at=None)
    assert not open_ones.filter(id=team.invitation.pk).exists()
