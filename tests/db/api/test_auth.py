"""Signing up, in, on and out through the API."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail

from pulsescore.accounts import posting
from pulsescore.accounts.models import Membership
from tests.db.api.world import Api, World
from tests.db.people import PASSWORD

Commit = Callable[..., Any]
SIGN_UP = {
    "org_name": "Acme",
    "first_name": "Ada",
    "last_name": "Byron",
    "email": "ada@example.com",
    "password": PASSWORD,
}


def test_registering_answers_user_organization_and_tokens(nobody: Api) -> None:
    answer = nobody.post("/auth/register", SIGN_UP)
    assert answer.status == 201
    assert answer.body["user"]["email"] == "ada@example.com"
    assert answer.body["organization"]["name"] == "Acme"
    assert answer.body["organization"]["role"] == "owner"
    assert set(answer.body["tokens"]) >= {"access_token", "refresh_token"}


def test_a_taken_address_is_a_conflict(nobody: Api) -> None:
    nobody.post("/auth/register", SIGN_UP)
    assert nobody.post("/auth/register", SIGN_UP).status == 409


def test_every_wrong_field_is_named(nobody: Api) -> None:
    wrong = {**SIGN_UP, "email": "ada", "password": "short", "org_name": ""}
    answer = nobody.post("/auth/register", wrong)
    assert answer.status == 422
    assert {one["field"] for one in answer.body["errors"]} == {"email", "password", "org_name"}


def test_wrong_types_and_unknown_fields_are_named(nobody: Api) -> None:
    answer = nobody.post("/auth/register", {**SIGN_UP, "email": 5, "plan": "free"})
    assert answer.status == 422
    assert {one["field"] for one in answer.body["errors"]} == {"email", "plan"}


def test_the_access_token_opens_the_api(nobody: Api) -> None:
    pair = nobody.post("/auth/register", SIGN_UP).body["tokens"]
    me = Api(pair["access_token"]).get("/users/me")
    assert (me.status, me.body["email"]) == (200, "ada@example.com")


def test_a_refresh_token_does_not_open_the_api(nobody: Api) -> None:
    pair = nobody.post("/auth/register", SIGN_UP).body["tokens"]
    assert Api(pair["refresh_token"]).get("/users/me").status == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "Bearer x y", "ps_1"])
def test_other_credentials_are_refused(world: World, header: str) -> None:
    api = Api()
    assert api.call("GET", "/organizations/current", Authorization=header).status == 401


def test_logging_in_answers_the_same(world: World) -> None:
    answer = Api().post("/auth/login", {"email": "Alice@example.com", "password": PASSWORD})
    assert answer.status == 200
    assert answer.body["organization"]["id"] == world.org_id


def test_a_wrong_password_is_refused(world: World) -> None:
    answer = Api().post("/auth/login", {"email": "alice@example.com", "password": "no"})
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_refresh_tokens_rotate_and_reuse_ends_the_log_in(nobody: Api) -> None:
    first = nobody.post("/auth/register", SIGN_UP).body["tokens"]
    spent = {"refresh_token": first["refresh_token"]}
    second = nobody.post("/auth/refresh", spent)
    assert second.status == 200
    assert nobody.post("/auth/refresh", spent).status == 401
    latest = {"refresh_token": second.body["tokens"]["refresh_token"]}
    assert nobody.post("/auth/refresh", latest).status == 401


@pytest.mark.parametrize("by_body", [True, False])
def test_logging_out_ends_both_tokens(nobody: Api, by_body: bool) -> None:
    pair = nobody.post("/auth/register", SIGN_UP).body["tokens"]
    signed_in = Api(pair["access_token"])
    token = {"refresh_token": pair["refresh_token"]}
    out = nobody.post("/auth/logout", token) if by_body else signed_in.post("/auth/logout")
    assert out.status == 204
    assert signed_in.get("/users/me").status == 401
    assert nobody.post("/auth/refresh", token).status == 401


def test_logging_out_as_nobody_is_refused(nobody: Api) -> None:
    assert nobody.post("/auth/logout").status == 401


def test_a_forgotten_password_is_replaced_by_mail(
    world: World,
) -> None:
    signed_in = world.api("alice")
    asked = Api().post("/auth/password-reset/request", {"email": "alice@example.com"})
    assert asked.status == 200
    posting.send_due()
    found = re.search(r"/password-reset/(\S+)/(\S+)", str(mail.outbox[-1].body))
    assert found
    body = {"uid": found.group(1), "token": found.group(2), "password": "another long secret"}
    assert Api().post("/auth/password-reset/complete", body).status == 200
    assert signed_in.get("/users/me").status == 401
    again = {"email": "alice@example.com", "password": "another long secret"}
    assert Api().post("/auth/login", again).status == 200
    assert Api().post("/auth/password-reset/complete", body).status == 422


def test_asking_for_a_reset_tells_nothing_about_strangers(world: World) -> None:
    known = Api().post("/auth/password-reset/request", {"email": "alice@example.com"})
    unknown = Api().post("/auth/password-reset/request", {"email": "nobody@example.com"})
    assert (known.status, known.body) == (unknown.status, unknown.body)
    assert not mail.outbox
    posting.send_due()
    assert mail.outbox[-1].to == ["alice@example.com"]
    assert ["nobody@example.com"] not in [letter.to for letter in mail.outbox]


def test_a_person_changes_name_and_password(alice: Api) -> None:
    changed = alice.call("PATCH", "/users/me", {"first_name": "Alix"})
    assert (changed.status, changed.body["first_name"]) == (200, "Alix")
    passwords = {"current_password": PASSWORD, "password": "another long secret"}
    assert alice.call("PUT", "/users/me/password", passwords).status == 204
    assert alice.get("/users/me").status == 401


def test_a_person_founds_another_organization_and_acts_in_it(alice: Api, world: World) -> None:
    made = alice.post("/organizations", {"name": "Second"})
    assert (made.status, made.body["role"]) == (201, "owner")
    here = alice.get("/organizations/current", X_Organization_ID=str(made.body["id"]))
    assert here.body["name"] == "Second"
    assert alice.get("/organizations").body["pagination"]["total"] == 2
    assert alice.get("/organizations/current").body["id"] == world.org_id


@pytest.mark.parametrize("chosen", ["0", "-1", "x", "", "9" * 30, "1.5"])
def test_an_organization_that_is_none_is_not_found(alice: Api, chosen: str) -> None:
    assert alice.get("/customers", X_Organization_ID=chosen).status == 404


def test_the_role_held_there_counts(world: World, bob: Api) -> None:
    own = bob.get("/organizations").body["organizations"][0]
    assert own["role"] == "owner"
    assert bob.get("/api-keys", X_Organization_ID=str(own["id"])).status == 200
    assert bob.get("/api-keys", X_Organization_ID=str(world.org_id)).status == 403


def test_a_changed_role_acts_at_once(world: World, bob: Api) -> None:
    memberships = Membership.objects.for_org(world.org_id).filter(user=world.users["bob"])
    assert bob.get("/api-keys").status == 403
    memberships.update(role="admin")
    assert bob.get("/api-keys").status == 200


def test_a_removed_member_is_refused_at_once(world: World, alice: Api, bob: Api) -> None:
    members = alice.get("/members").body["members"]
    member_id = next(one["id"] for one in members if one["email"] == "bob@example.com")
    assert alice.call("DELETE", f"/members/{member_id}").status == 204
    assert bob.get("/customers").status == 401


def test_an_invited_person_joins(
    world: World, alice: Api, charlie: Api, django_capture_on_commit_callbacks: Commit
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        sent = alice.post("/invitations", {"email": "charlie@example.com", "role": "admin"})
    assert sent.status == 201
    found = re.search(r"/invitations/(\S+)", str(mail.outbox[-1].body))
    assert found
    joined = charlie.post("/invitations/accept", {"token": found.group(1)})
    assert joined.body["organization"]["role"] == "admin"
    assert Api(joined.body["tokens"]["access_token"]).get("/api-keys").status == 200
    assert charlie.post("/invitations/accept", {"token": found.group(1)}).status == 404


def test_a_person_without_an_account_signs_up_by_invitation(
    world: World, alice: Api, django_capture_on_commit_callbacks: Commit
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        alice.post("/invitations", {"email": "new@example.com"})
    found = re.search(r"/invitations/(\S+)", str(mail.outbox[-1].body))
    assert found
    token = found.group(1)
    assert Api().post("/invitations/accept", {"token": token}).status == 401
    half = {"token": token, "password": PASSWORD}
    assert Api().post("/invitations/accept", half).status == 422
    whole = {**half, "first_name": "New", "last_name": "Comer"}
    joined = Api().post("/invitations/accept", whole)
    assert joined.body["organization"]["id"] == world.org_id


def test_an_api_key_acts_with_its_role_in_its_organization(world: World, alice: Api) -> None:
    key = alice.post("/api-keys", {"name": "ci", "role": "member"}).body["key"]
    program = Api(key)
    assert program.get("/customers").status == 200
    assert program.get("/api-keys").status == 403
    assert program.get("/users/me").status == 403
    elsewhere = program.get("/customers", X_Organization_ID=str(world.other_org_id))
    assert elsewhere.status == 404


def test_a_key_is_shown_once_and_ends_when_revoked(alice: Api) -> None:
    made = alice.post("/api-keys", {"name": "ci"}).body
    listed = alice.get("/api-keys").body["api_keys"][0]
    assert "key" not in listed
    assert made["key"].startswith(listed["prefix"])
    assert alice.call("DELETE", f"/api-keys/{made['id']}").status == 204
    assert Api(made["key"]).get("/customers").status == 401
