"""What every request passes: sessions, repeats, the rate limit, problems."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client, RequestFactory

from pulsescore.accounts.models import ApiKey, Organization
from pulsescore.api import idempotency
from pulsescore.api.body import check_size
from pulsescore.api.models import IdempotentAnswer
from pulsescore.api.problems import TooLarge
from pulsescore.core.clock import utcnow
from tests.db.api.world import Api, World


@pytest.fixture
def rate_of_three() -> Iterator[None]:
    before = settings.CONFIG
    settings.CONFIG = replace(before, api_rate=3)
    yield
    settings.CONFIG = before


def browser(world: World, name: str) -> Api:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(world.users[name], backend="django.contrib.auth.backends.ModelBackend")
    return Api(client=client)


def test_the_web_apps_session_opens_the_api(world: World) -> None:
    here = browser(world, "alice").get("/organizations/current")
    assert (here.status, here.body["id"]) == (200, world.org_id)


def test_a_session_acts_in_the_organization_it_looks_at(world: World) -> None:
    bob = browser(world, "bob")
    assert bob.get("/organizations/current").body["name"] == "bob & co"
    session = bob.client.session
    session["org_id"] = world.org_id
    session.save()
    assert bob.get("/organizations/current").body["id"] == world.org_id


def test_a_session_needs_its_csrf_token_to_write(world: World) -> None:
    alice = browser(world, "alice")
    name = {"name": "Renamed"}
    assert alice.call("PATCH", "/organizations/current", name).status == 403
    alice.client.cookies["csrftoken"] = "a" * 32
    with_token = alice.call("PATCH", "/organizations/current", name, X_CSRFToken="a" * 32)
    assert with_token.status == 200


def test_a_token_needs_no_csrf_token(alice: Api) -> None:
    alice.client = Client(enforce_csrf_checks=True)
    assert alice.call("PATCH", "/organizations/current", {"name": "Renamed"}).status == 200


def test_a_repeated_write_is_answered_from_memory(world: World, alice: Api) -> None:
    first = alice.post("/api-keys", {"name": "ci"}, Idempotency_Key="one")
    again = alice.post("/api-keys", {"name": "ci"}, Idempotency_Key="one")
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert ApiKey.objects.for_org(world.org_id).count() == 1


def test_what_is_remembered_is_sealed(alice: Api) -> None:
    key = alice.post("/api-keys", {"name": "ci"}, Idempotency_Key="one").body["key"]
    stored = IdempotentAnswer.objects.get()
    assert key.encode() not in bytes(stored.sealed_body or b"")


def test_the_same_key_with_another_body_is_refused(alice: Api) -> None:
    alice.post("/api-keys", {"name": "ci"}, Idempotency_Key="one")
    other = alice.post("/api-keys", {"name": "cd"}, Idempotency_Key="one")
    assert other.status == 422


def test_keys_of_different_people_and_organizations_do_not_meet(
    world: World, alice: Api, charlie: Api
) -> None:
    for api in (alice, charlie):
        assert api.post("/api-keys", {"name": "ci"}, Idempotency_Key="one").status == 201
    other = alice.post("/organizations", {"name": "Second"}).body["id"]
    there = alice.post(
        "/api-keys", {"name": "ci"}, Idempotency_Key="one", X_Organization_ID=str(other)
    )
    assert "Idempotency-Replayed" not in there.headers


def test_a_refused_write_is_worked_out_afresh(alice: Api) -> None:
    wrong = alice.post("/api-keys", {"name": ""}, Idempotency_Key="one")
    assert wrong.status == 422
    assert alice.post("/api-keys", {"name": "ci"}, Idempotency_Key="one").status == 201


def test_a_write_under_way_is_a_conflict_until_abandoned(world: World, alice: Api) -> None:
    alice.post("/organizations", {"name": "Second"}, Idempotency_Key="one")
    IdempotentAnswer.objects.update(status=None, sealed_body=None)
    again = alice.post("/organizations", {"name": "Second"}, Idempotency_Key="one")
    assert again.status == 409
    later = utcnow() + idempotency.ABANDONED_AFTER + timedelta(seconds=1)
    with time_machine.travel(later, tick=False):
        retried = alice.post("/organizations", {"name": "Second"}, Idempotency_Key="one")
    assert retried.status == 201
    assert Organization.objects.filter(name="Second").count() == 2


def test_answers_are_kept_for_a_day(world: World, alice: Api) -> None:
    alice.post("/organizations", {"name": "Second"}, Idempotency_Key="one")
    with time_machine.travel(utcnow() + timedelta(hours=25), tick=False):
        fresh = world.api("alice")
        fresh.post("/organizations", {"name": "Second"}, Idempotency_Key="one")
    assert Organization.objects.filter(name="Second").count() == 2


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_that_is_none_is_refused(alice: Api, key: str) -> None:
    assert alice.post("/organizations", {"name": "S"}, Idempotency_Key=key).status == 422


@pytest.mark.usefixtures("rate_of_three")
def test_the_rate_is_told_and_kept(alice: Api, bob: Api) -> None:
    answers = [alice.get("/users/me") for _ in range(4)]
    assert [one.status for one in answers] == [200, 200, 200, 429]
    assert [one.headers["RateLimit-Remaining"] for one in answers] == ["2", "1", "0", "0"]
    assert answers[0].headers["RateLimit-Limit"] == "3"
    assert 0 < int(answers[3].headers["Retry-After"]) <= 60
    assert bob.get("/users/me").status == 200


def test_without_a_rate_nothing_is_told(alice: Api) -> None:
    assert "RateLimit-Limit" not in alice.get("/users/me").headers


@pytest.mark.parametrize("path", ["", "/", "/nothing", "/customers/", "/../x", "/customers/1/x"])
def test_unknown_addresses_answer_a_problem(alice: Api, path: str) -> None:
    answer = alice.get(path)
    assert answer.status == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_unknown_versions_answer_a_problem_too(client: Client) -> None:
    answer = client.get("/api/v2/customers")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page=0", "page"),
        ("page=x", "page"),
        ("page=99999999999999999999", "page"),
        ("per_page=0", "per_page"),
        ("per_page=101", "per_page"),
        ("sort=secret", "sort"),
        ("order=up", "order"),
        ("risk=blue", "risk"),
        ("became=none", "became"),
        ("score_to=101", "score_to"),
        ("unseen_days=0", "unseen_days"),
        ("company=0", "company"),
        ("company=9223372036854775808", "company"),
        ("search=%00", "search"),
        ("deleted=maybe", "deleted"),
    ],
)
def test_a_wrong_parameter_is_named(alice: Api, query: str, field: str) -> None:
    answer = alice.get(f"/customers?{query}")
    assert answer.status == 422
    assert [one["field"] for one in answer.body["errors"]] == [field]


def test_invalid_utf8_in_a_query_is_no_fault_of_ours(alice: Api) -> None:
    assert alice.get("/customers?search=%ff%fe").status in {200, 422}


def test_answers_are_not_cached(alice: Api) -> None:
    assert alice.get("/users/me").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("size", [1_048_577, 3_000_000])
def test_a_body_without_a_length_is_measured_as_it_comes(nobody: Api, size: int) -> None:
    request = RequestFactory().post("/", b"x" * size, content_type="application/json")
    del request.META["CONTENT_LENGTH"]
    with pytest.raises(TooLarge):
        check_size(request)
