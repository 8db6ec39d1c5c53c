"""Settings → Profile and Security: one's own details, address, log-ins and second step."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client

from pulsescore.accounts import browser_sessions, posting
from pulsescore.accounts.models import BrowserSession, Membership, User
from pulsescore.accounts.two_step import totp
from pulsescore.accounts.two_step.factors import get_factors, needs_second_step
from tests.seeding import PASSWORD, Seeded
from tests.seeding_team import FIREFOX, IPHONE, add_app, add_session

PAGES = ("/settings/profile", "/settings/security", "/settings/security/app")
POSTS = (
    "/settings/profile/address",
    "/settings/profile/address/keep",
    "/settings/security/password",
    "/settings/security/app/remove",
    "/settings/security/codes/renew",
    "/settings/security/sessions/end",
    "/settings/security/sessions/1/end",
    "/settings/security/passkeys",
    "/settings/security/passkeys/options",
    "/settings/security/passkeys/1/remove",
)


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def log_in(client: Client, *, agent: str = FIREFOX) -> object:
    given = {"email": "alice@example.com", "password": PASSWORD}
    return client.post("/login", given, HTTP_USER_AGENT=agent, REMOTE_ADDR="192.0.2.9")


@pytest.mark.parametrize("path", PAGES)
def test_everybody_has_these_pages(path: str, bob: Client, stranger: Client) -> None:
    assert bob.get(path).status_code == 200
    assert stranger.get(path)["Location"].startswith("/login")


@pytest.mark.parametrize("path", POSTS)
def test_what_changes_things_is_posted_by_whom_it_concerns(
    path: str, alice: Client, stranger: Client
) -> None:
    assert alice.get(path).status_code == 405
    assert stranger.post(path)["Location"].startswith("/login")


def test_the_profile_keeps_name_and_time_zone(alice: Client, alices: Seeded) -> None:
    given = {"first_name": "Al", "last_name": "Ice", "time_zone": "Pacific/Auckland"}
    alice.post("/settings/profile", given)

    user = User.objects.get(id=alices.user.pk)
    assert {key: getattr(user, key) for key in given} == given


def test_a_time_zone_that_does_not_exist_is_said(alice: Client) -> None:
    given = {"first_name": "Al", "last_name": "Ice", "time_zone": "Mars/Olympus"}
    response = alice.post("/settings/profile", given)

    assert response.status_code == 422
    assert 'value="Mars/Olympus"' in text(response)
    assert 'id="error_time_zone"' in text(response)


@pytest.fixture
def link(alice: Client, alices: Seeded, django_capture_on_commit_callbacks: object) -> str:
    """The link that moves Alice to another address."""
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        given = {"email": "New@Example.com", "current_password": PASSWORD}
        alice.post("/settings/profile/address", given)
    assert mail.outbox[-1].to == ["new@example.com"]
    found = re.search(r"(/verify-email/\S+)", str(mail.outbox[-1].body))
    assert found
    return found.group(1)


def test_the_address_moves_when_its_mailbox_says_so(
    alice: Client, alices: Seeded, link: str, django_capture_on_commit_callbacks: object
) -> None:
    assert "Waiting for new@example.com" in text(alice.get("/settings/profile"))
    assert User.objects.get(id=alices.user.pk).email == "alice@example.com"
    assert "Verify new@example.com" in text(alice.get(link))
    assert User.objects.get(id=alices.user.pk).email == "alice@example.com"

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        alice.post(link)

    assert User.objects.get(id=alices.user.pk).email == "new@example.com"
    assert mail.outbox[-1].to == ["alice@example.com"]
    assert "changed" in mail.outbox[-1].subject
    assert alice.get("/").status_code == 200
    assert alice.post(link).status_code == 404


def test_keeping_the_address_ends_the_link(alice: Client, link: str) -> None:
    alice.post("/settings/profile/address/keep")

    assert alice.get(link).status_code == 404


def test_a_link_that_is_three_days_old_is_dead(alice: Client, link: str, now: datetime) -> None:
    with time_machine.travel(now + timedelta(days=3, minutes=1)):
        assert Client().get(link).status_code == 404


def test_an_address_taken_meanwhile_is_refused(alice: Client, alices: Seeded, link: str) -> None:
    User.objects.create_user("new@example.com", "x")

    response = alice.post(link)

    assert response.status_code == 409
    assert "Another account has this" in text(response)
    assert User.objects.get(id=alices.user.pk).email == "alice@example.com"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"email": "new@example.com", "current_password": "wrong"}, "current_password"),
        ({"email": "nonsense", "current_password": PASSWORD}, "email"),
        ({"email": "alice@example.com", "current_password": PASSWORD}, "email"),
        ({"email": "charlie@example.com", "current_password": PASSWORD}, "email"),
    ],
)
def test_an_address_needs_the_password_and_sense(
    given: dict[str, str], field: str, alice: Client, charlie: Client
) -> None:
    response = alice.post("/settings/profile/address", given)

    assert response.status_code == 422
    assert f'id="error_{field}"' in text(response)


def test_a_newcomer_is_asked_to_verify_and_never_locked_out(
    stranger: Client, django_capture_on_commit_callbacks: object
) -> None:
    details = {
        "org_name": "Globex",
        "first_name": "Dana",
        "last_name": "Scott",
        "email": "dana@example.com",
        "password": PASSWORD,
        "time_zone": "Europe/Berlin",
    }
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        stranger.post("/signup", details)
    assert "Please verify your address" in text(stranger.get("/settings/profile"))
    assert User.objects.get(email="dana@example.com").time_zone == "Europe/Berlin"

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        again = stranger.post("/verify-email/again", {"next": "//evil.example"})
    assert again["Location"] == "/"
    assert [one.to for one in mail.outbox] == [["dana@example.com"]] * 2
    found = re.search(r"(/verify-email/\S+)", str(mail.outbox[-1].body))
    assert found
    stranger.post(found.group(1))
    assert "Please verify your address" not in text(stranger.get("/settings/profile"))


def test_later_means_later(stranger: Client, alices: Seeded) -> None:
    User.objects.filter(id=alices.user.pk).update(email_verified_at=None)
    log_in(stranger)
    stranger.post("/verify-email/later", {"next": "/settings/profile"})

    assert "Please verify your address" not in text(stranger.get("/settings/profile"))


def test_log_ins_are_listed_with_device_and_address(stranger: Client, alices: Seeded) -> None:
    other = Client()
    log_in(other, agent=IPHONE)
    log_in(stranger)

    page = text(stranger.get("/settings/security"))

    assert "Firefox on Linux" in page
    assert "Safari on iPhone" in page
    assert "192.0.2.9" in page
    assert page.count("This one") == 1


def test_ending_a_log_in_ends_it(stranger: Client, alices: Seeded) -> None:
    other = Client()
    log_in(other, agent=IPHONE)
    log_in(stranger)
    row = BrowserSession.objects.get(user_agent=IPHONE)

    stranger.post(f"/settings/security/sessions/{row.pk}/end")

    assert other.get("/")["Location"].startswith("/login")
    assert stranger.get("/").status_code == 200
    assert stranger.post(f"/settings/security/sessions/{row.pk}/end").status_code == 404


def test_nobody_ends_somebody_elses_log_in(alice: Client, charlie: Client, alices: Seeded) -> None:
    row = BrowserSession.objects.filter(user=alices.user).earliest("id")

    assert charlie.post(f"/settings/security/sessions/{row.pk}/end").status_code == 404
    assert alice.get("/settings/profile").status_code == 200


def test_all_other_log_ins_end_together(stranger: Client, alices: Seeded) -> None:
    others = [Client(), Client()]
    for other in others:
        log_in(other)
    log_in(stranger)
    stranger.post("/settings/security/sessions/end")

    assert all(one.get("/")["Location"].startswith("/login") for one in others)
    assert BrowserSession.objects.filter(user=alices.user).count() == 1


def test_logging_out_takes_the_log_in_off_the_list(stranger: Client, alices: Seeded) -> None:
    log_in(stranger)
    stranger.post("/logout")

    assert not BrowserSession.objects.filter(user=alices.user).exists()


def test_a_new_password_ends_other_log_ins_and_keeps_this_one(
    stranger: Client, alices: Seeded, django_capture_on_commit_callbacks: object
) -> None:
    other = Client()
    log_in(other, agent=IPHONE)
    log_in(stranger)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        stranger.post(
            "/settings/security/password",
            {"current_password": PASSWORD, "password": "another long one"},
        )

    assert other.get("/")["Location"].startswith("/login")
    assert text(stranger.get("/settings/security")).count("This one") == 1
    assert BrowserSession.objects.filter(user=alices.user).count() == 1
    assert mail.outbox[-1].subject == "Your password was changed"


def test_being_at_work_is_noted_now_and_then(stranger: Client, alices: Seeded) -> None:
    log_in(stranger)
    row = BrowserSession.objects.get(user=alices.user)
    membership = Membership.objects.for_org(alices.organization.pk).get(user=alices.user)
    assert membership.last_active_at is not None

    with time_machine.travel(row.last_seen_at + timedelta(minutes=4)):
        stranger.get("/settings/profile")
    assert BrowserSession.objects.get(id=row.pk).last_seen_at == row.last_seen_at
    with time_machine.travel(row.last_seen_at + timedelta(minutes=6)):
        stranger.get("/banner")
    assert BrowserSession.objects.get(id=row.pk).last_seen_at == row.last_seen_at
    with time_machine.travel(row.last_seen_at + timedelta(minutes=6)):
        stranger.get("/settings/profile")
    assert BrowserSession.objects.get(id=row.pk).last_seen_at > row.last_seen_at


def test_ended_log_ins_are_swept_up(alices: Seeded, now: datetime) -> None:
    add_session(alices.user, key="old", agent=FIREFOX, now=now - timedelta(days=40))
    assert browser_sessions.prune(now=now) >= 1
    assert not BrowserSession.objects.filter(session_key="old").exists()


def set_up(client: Client) -> tuple[str, object]:
    page = text(client.get("/settings/security/app"))
    found = re.search(r"<code>([A-Z2-7 ]{39})</code>", page)
    assert found
    return found.group(1).replace(" ", ""), page


def test_an_app_is_set_up_with_code_and_password(
    alice: Client, alices: Seeded, now: datetime
) -> None:
    secret, page = set_up(alice)
    assert "<svg" in str(page)
    code = totp.code_at(secret, now)

    wrong = alice.post("/settings/security/app", {"code": "000000", "current_password": PASSWORD})
    assert wrong.status_code == 422
    stolen = alice.post("/settings/security/app", {"code": code, "current_password": "wrong"})
    assert stolen.status_code == 422
    assert not needs_second_step(alices.user)

    done = alice.post("/settings/security/app", {"code": code, "current_password": PASSWORD})

    assert len(re.findall(r"<li>\d{8}</li>", text(done))) == 10
    assert needs_second_step(alices.user)
    assert alice.get("/settings/security/app")["Location"] == "/settings/security"
    assert secret not in str(dict(alice.session))


def test_the_log_in_asks_for_the_code_and_goes_on(
    stranger: Client, alices: Seeded, now: datetime
) -> None:
    secret, codes = add_app(alices.user, now=now)
    given = {"email": "alice@example.com", "password": PASSWORD, "next": "/customers?risk=red"}

    asked = stranger.post("/login", given)
    assert asked["Location"] == "/login/second-step"
    assert stranger.get("/")["Location"].startswith("/login")
    assert stranger.post("/login/second-step", {"code": "000000"}).status_code == 422
    let_in = stranger.post("/login/second-step", {"code": totp.code_at(secret, now)})
    assert let_in["Location"] == "/customers?risk=red"
    assert stranger.get("/settings/profile").status_code == 200

    again = Client()
    again.post("/login", given)
    assert again.post("/login/second-step", {"code": codes[0]})["Location"] == given["next"]
    assert get_factors(alices.user).codes_left == 9


def test_the_second_step_needs_the_first(stranger: Client, alices: Seeded, now: datetime) -> None:
    secret, _ = add_app(alices.user, now=now)

    response = stranger.post("/login/second-step", {"code": totp.code_at(secret, now)})

    assert response["Location"] == "/login"
    assert stranger.post("/login/passkey/options").status_code == 401
    assert stranger.post("/login/passkey").status_code == 401


def test_the_second_step_waits_ten_minutes_and_for_the_same_password(
    alices: Seeded, now: datetime
) -> None:
    secret, _ = add_app(alices.user, now=now)
    late, changed = Client(), Client()
    log_in(late)
    log_in(changed)
    with time_machine.travel(now + timedelta(minutes=11), tick=False):
        response = late.post("/login/second-step", {"code": totp.code_at(secret, now)})
    assert response["Location"] == "/login"

    alices.user.set_password("somebody changed it")
    alices.user.save()
    response = changed.post("/login/second-step", {"code": totp.code_at(secret, now)})
    assert response["Location"] == "/login"


def test_a_reset_password_does_not_skip_the_second_step(
    stranger: Client, alices: Seeded, now: datetime
) -> None:
    add_app(alices.user, now=now)
    stranger.post("/password-reset", {"email": "alice@example.com"})
    posting.send_due()
    found = re.search(r"(/password-reset/\S+/\S+)", str(mail.outbox[-1].body))
    assert found

    response = stranger.post(found.group(1), {"password": "a new and longer one"})

    assert response["Location"] == "/login/second-step"
    assert stranger.get("/")["Location"].startswith("/login")


def test_removing_the_app_and_renewing_codes_need_the_password(
    alice: Client, alices: Seeded, now: datetime
) -> None:
    add_app(alices.user, now=now)
    for path in ("/settings/security/app/remove", "/settings/security/codes/renew"):
        assert alice.post(path, {"current_password": "wrong"}).status_code == 422
    assert needs_second_step(alices.user)

    renewed = alice.post("/settings/security/codes/renew", {"current_password": PASSWORD})
    assert len(re.findall(r"<li>\d{8}</li>", text(renewed))) == 10
    alice.post("/settings/security/app/remove", {"current_password": PASSWORD})
    assert not needs_second_step(alices.user)


def test_passkeys_are_not_offered_where_browsers_have_none(alice: Client, settings: object) -> None:
    settings.PUBLIC_URL = "http://192.0.2.1:8000"  # type: ignore[attr-defined]
    assert "Add a passkey" not in text(alice.get("/settings/security"))
    answer = alice.post(
        "/settings/security/passkeys/options",
        {"name": "x", "current_password": PASSWORD},
        content_type="application/json",
    )
    assert answer.status_code == 422

    settings.PUBLIC_URL = "https://pulse.example.com"  # type: ignore[attr-defined]
    assert "Add a passkey" in text(alice.get("/settings/security"))


@pytest.mark.parametrize("credential", [None, {}, {"id": "x"}, {"rawId": 3, "response": []}, "x"])
def test_a_forged_passkey_is_refused(
    credential: object, alice: Client, alices: Seeded, settings: object
) -> None:
    settings.PUBLIC_URL = "https://pulse.example.com"  # type: ignore[attr-defined]
    path = "/settings/security/passkeys"
    begun = alice.post(
        f"{path}/options", {"current_password": PASSWORD}, content_type="application/json"
    )
    assert begun.json()["publicKey"]["rp"]["id"] == "pulse.example.com"

    answer = alice.post(
        path, {"name": "Mine", "credential": credential}, content_type="application/json"
    )

    assert answer.status_code == 422
    assert not needs_second_step(alices.user)
    replay = alice.post(path, {"name": "Mine"}, content_type="application/json")
    assert "took too long" in replay.json()["detail"]


def test_letters_are_shown_in_development_only(stranger: Client, settings: object) -> None:
    assert stranger.get("/_mails").status_code == 404
    settings.DEBUG = True  # type: ignore[attr-defined]
    page = text(stranger.get("/_mails"))

    for name in re.findall(r'href="(/_mails/[^"]+)"', page):
        assert stranger.get(name).status_code == 200
    html = stranger.get("/_mails/invitation/html")
    assert "'unsafe-inline'" in html["Content-Security-Policy"]
    assert "script-src 'none'" in html["Content-Security-Policy"]
    assert "unsafe" not in stranger.get("/login")["Content-Security-Policy"]
    assert "<script" not in text(stranger.get("/_mails/invitation-hostile/html"))
    assert stranger.get("/_mails/unknown/html").status_code == 404
