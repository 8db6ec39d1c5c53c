"""Accounts in the API: sessions, second step, addresses, organization, invitations, keys, audit."""

import re
from datetime import timedelta

import pytest
from django.core import mail

from pulsescore.accounts import actions
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Organization, Role, User
from pulsescore.accounts.two_step import totp
from pulsescore.core.clock import utcnow
from tests.db.api.world import Api, World
from tests.db.people import PASSWORD

PERSON_ONLY = ("/users/me/sessions", "/users/me/second-step", "/users/me")


@pytest.fixture
def reading(world: World) -> Api:
    """A key of an admin's that only reads."""
    actor = Actor(world.users["alice"], world.org_id, Role.OWNER, "session")
    _key, secret = actions.create_api_key(
        actor, name="r", role=Role.ADMIN, scopes=("read",), expires_at=None, now=utcnow()
    )
    return Api(secret)


def app_of(api: Api) -> tuple[str, list[str]]:
    """Turn an authenticator app on; returns its secret and the recovery codes."""
    secret = api.post("/users/me/second-step/app").body["secret"]
    code = totp.code_at(secret, utcnow() - timedelta(seconds=30))
    body = {"secret": secret, "code": code, "current_password": PASSWORD}
    answer = api.call("PUT", "/users/me/second-step/app", body)
    assert answer.status == 200
    return secret, answer.body["recovery_codes"]


def test_a_reading_key_reads_and_writes_nothing(reading: Api, world: World) -> None:
    assert reading.get("/customers").status == 200
    assert reading.get("/audit-log").status == 200
    assert reading.call("PATCH", "/organizations/current", {"name": "Mine"}).status == 403
    assert reading.post("/invitations", {"email": "x@example.com"}).status == 403
    note = reading.post(f"/customers/{world.ids['dora']}/recalculate")
    assert note.status == 403


def test_scopes_are_chosen_and_shown(alice: Api) -> None:
    made = alice.post("/api-keys", {"name": "k", "scopes": ["read"]})
    assert (made.status, made.body["scopes"]) == (201, ["read"])
    assert alice.post("/api-keys", {"name": "k"}).body["scopes"] == ["read", "write"]
    assert alice.post("/api-keys", {"name": "k", "scopes": ["write"]}).status == 422
    assert alice.post("/api-keys", {"name": "k", "scopes": ["root"]}).status == 422


@pytest.mark.parametrize("path", PERSON_ONLY)
def test_keys_have_no_log_ins_of_their_own(path: str, reading: Api, nobody: Api) -> None:
    assert reading.get(path).status == 403
    assert nobody.get(path).status == 401


def test_a_second_step_is_set_up_and_asked_for(alice: Api, nobody: Api) -> None:
    secret, codes = app_of(alice)
    given = {"email": "alice@example.com", "password": PASSWORD}

    assert alice.get("/users/me/second-step").body == {
        "required": True,
        "app": True,
        "passkeys": [],
        "recovery_codes_left": 10,
    }
    missing = nobody.post("/auth/login", given)
    assert (missing.status, "two-step" in missing.body["detail"]) == (401, True)
    assert nobody.post("/auth/login", {**given, "code": "000000"}).status == 422
    code = totp.code_at(secret, utcnow())
    assert nobody.post("/auth/login", {**given, "code": code}).status == 200
    assert nobody.post("/auth/login", {**given, "code": code}).status == 422
    assert nobody.post("/auth/login", {**given, "code": codes[0]}).status == 200
    wrong = {**given, "password": "wrong", "code": codes[1]}
    assert nobody.post("/auth/login", wrong).status == 401


def test_taking_it_away_needs_the_password(alice: Api) -> None:
    app_of(alice)
    path = "/users/me/second-step/app"
    assert alice.call("DELETE", path, {"current_password": "wrong"}).status == 422
    renewed = alice.post("/users/me/second-step/recovery-codes", {"current_password": PASSWORD})
    assert len(renewed.body["recovery_codes"]) == 10
    assert alice.call("DELETE", path, {"current_password": PASSWORD}).status == 204
    assert alice.call("DELETE", path, {"current_password": PASSWORD}).status == 404
    passkey = "/users/me/second-step/passkeys/1"
    assert alice.call("DELETE", passkey, {"current_password": PASSWORD}).status == 404


@pytest.mark.parametrize("secret", ["", "short", "ü" * 32, "A" * 31 + "1", "a" * 32])
def test_a_secret_that_is_none_is_refused(secret: str, alice: Api) -> None:
    body = {"secret": secret, "code": "123456", "current_password": PASSWORD}
    assert alice.call("PUT", "/users/me/second-step/app", body).status == 422


def test_log_ins_of_browsers_are_listed_and_ended(alice: Api, world: World) -> None:
    api = Api()
    api.client.force_login(world.users["alice"])
    (own,) = api.get("/users/me/sessions").body["sessions"]
    assert own["current"] is True
    (seen,) = alice.get("/users/me/sessions").body["sessions"]
    assert seen["current"] is False

    assert world.api("bob").call("DELETE", f"/users/me/sessions/{own['id']}").status == 404
    assert alice.call("DELETE", f"/users/me/sessions/{own['id']}").status == 204
    assert api.get("/users/me").status == 401
    assert alice.call("DELETE", "/users/me/sessions").status == 204


def test_an_address_is_changed_by_its_mailbox(
    alice: Api, nobody: Api, django_capture_on_commit_callbacks: object
) -> None:
    body = {"email": "new@example.com", "current_password": PASSWORD}
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert alice.post("/users/me/email", body).status == 202
    found = re.search(r"/verify-email/(\S+)", str(mail.outbox[-1].body))
    assert found
    key = found.group(1)

    assert alice.get("/users/me").body["email"] == "alice@example.com"
    assert nobody.post("/auth/verify-email", {"key": key}).status == 200
    me = alice.get("/users/me").body
    assert (me["email"], me["email_verified"]) == ("new@example.com", True)
    assert nobody.post("/auth/verify-email", {"key": key}).status == 404
    assert nobody.post("/auth/verify-email", {"key": "forged"}).status == 404


def test_the_link_is_sent_again_until_it_was_used(
    alice: Api, world: World, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert alice.post("/users/me/verification").status == 202
    assert mail.outbox[-1].to == ["alice@example.com"]
    User.objects.filter(id=world.users["alice"].pk).update(email_verified_at=utcnow())
    assert "already" in alice.post("/users/me/verification").body["detail"]


def test_the_organization_is_changed_field_by_field(alice: Api, bob: Api) -> None:
    changes = {"time_zone": "Asia/Tokyo", "billing_contact": "pay@example.com"}
    told = alice.call("PATCH", "/organizations/current", changes)
    assert {key: told.body[key] for key in changes} == changes
    assert told.body["name"] == "alice & co"
    assert bob.get("/organizations/current").body["billing_contact"] is None
    assert bob.call("PATCH", "/organizations/current", {"name": "Mine"}).status == 403
    refused = alice.call("PATCH", "/organizations/current", {"time_zone": "Mars"})
    assert [one["field"] for one in refused.body["errors"]] == ["time_zone"]


def test_an_owner_deletes_it_by_name_and_password(alice: Api, bob: Api, world: World) -> None:
    path, right = "/organizations/current", {"confirmation": "alice & co"}
    given = {**right, "current_password": PASSWORD}
    assert bob.call("DELETE", path, given).status == 403
    assert alice.call("DELETE", path, {**given, "confirmation": "x"}).status == 422
    assert alice.call("DELETE", path, {**right, "current_password": "wrong"}).status == 422
    assert alice.call("DELETE", path, given).status == 204
    assert Organization.objects.get(id=world.org_id).deleted_at is not None
    assert alice.get("/customers").status == 401


def test_invitations_are_sent_again_or_handed_over(
    alice: Api, bob: Api, charlie: Api, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        made = alice.post("/invitations", {"email": "erin@example.com"}).body
        again = alice.post(f"/invitations/{made['id']}/resend")
    assert (again.status, len([one for one in mail.outbox if "erin" in one.to[0]])) == (200, 2)
    handed = alice.post(f"/invitations/{made['id']}/link")
    assert "/invitations/" in handed.body["link"]
    for path in (f"/invitations/{made['id']}/resend", f"/invitations/{made['id']}/link"):
        assert bob.post(path).status == 403
        assert charlie.post(path).status == 404


def test_members_tell_activity_and_second_step_to_admins(alice: Api, bob: Api) -> None:
    app_of(alice)
    members = {one["email"]: one for one in alice.get("/members").body["members"]}
    assert members["alice@example.com"]["second_step"] is True
    assert members["bob@example.com"]["second_step"] is False
    assert members["bob@example.com"]["last_active_at"] is None
    assert bob.get("/members").status == 403


def test_the_audit_log_is_told_in_sentences_and_by_days(alice: Api) -> None:
    alice.post("/invitations", {"email": "erin@example.com"})
    (entry,) = alice.get("/audit-log?action=invitation").body["entries"]
    assert entry["sentence"] == "invited erin@example.com as member"
    assert alice.get("/audit-log?from=2030-01-01T00:00:00Z").body["entries"] == []
    assert alice.get("/audit-log?to=2020-02-01T00:00:00Z").body["pagination"]["total"] == 1
    assert alice.get("/audit-log?from=yesterday").status == 422
