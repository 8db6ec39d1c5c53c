"""Every endpoint: works, stranger, wrong role, bad id, wrong method, bad body.

The table is checked against the OpenAPI description, so that no endpoint is left out.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from pulsescore.api.v1 import api as the_api
from pulsescore.core.clock import utcnow
from tests.db.api.full_world import CONFIG, EVERYBODY, make_full_world
from tests.db.api.world import Answer, Api, World
from tests.kept import KEEPER

OVERRIDE = {
    "score": 80,
    "reason": "They renewed",
    "expires_at": (utcnow() + timedelta(days=30)).isoformat(),
}


@dataclass(frozen=True)
class Endpoint:
    """One operation: who may use it, and a request that works."""

    method: str
    path: str
    status: int
    admin: bool = False
    body: Any = None
    with_id: bool = False

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


SOON = (utcnow() + timedelta(days=1)).isoformat()
ALERTS = [
    Endpoint("GET", "/alerts/rules", 200),
    Endpoint(
        "POST",
        "/alerts/rules",
        201,
        admin=True,
        body={"name": "Low", "kind": "score_below", "params": {"score": 30}},
    ),
    Endpoint("GET", "/alerts/rules/{rule}", 200, with_id=True),
    Endpoint(
        "PATCH",
        "/alerts/rules/{rule}",
        200,
        admin=True,
        body={"enabled": False, "muted_until": SOON},
        with_id=True,
    ),
    Endpoint("DELETE", "/alerts/rules/{rule}", 204, admin=True, with_id=True),
    Endpoint("GET", "/alerts/rules/{rule}/history", 200, with_id=True),
    Endpoint("POST", "/alerts/rules/{rule}/test", 202, admin=True, with_id=True),
    Endpoint("POST", "/alerts/rules/{rule}/mute", 204, with_id=True),
    Endpoint("POST", "/alerts/rules/{rule}/unmute", 204, with_id=True),
    Endpoint("GET", "/alerts/history", 200),
    Endpoint("GET", "/alerts/stats", 200),
    Endpoint("GET", "/alerts/{alert}", 200, with_id=True),
    Endpoint("POST", "/alerts/{alert}/acknowledge", 200, with_id=True),
    Endpoint("POST", "/alerts/{alert}/snooze", 200, body={"until": SOON}, with_id=True),
    Endpoint("POST", "/alerts/{alert}/resolve", 200, with_id=True),
    Endpoint("GET", "/alerts/{alert}/deliveries", 200, with_id=True),
    Endpoint("GET", "/alerts/slack-hooks", 200, admin=True),
    Endpoint(
        "POST",
        "/alerts/slack-hooks",
        201,
        admin=True,
        body={"name": "#ops", "url": "https://hooks.slack.com/services/T0/B0/x"},
    ),
    Endpoint(
        "PATCH",
        "/alerts/slack-hooks/{hook}",
        200,
        admin=True,
        body={"quiet_from": "22:00", "quiet_to": "07:00"},
        with_id=True,
    ),
    Endpoint("DELETE", "/alerts/slack-hooks/{hook}", 204, admin=True, with_id=True),
    Endpoint("POST", "/alerts/slack-hooks/{hook}/test", 202, admin=True, with_id=True),
    Endpoint("GET", "/notifications", 200),
    Endpoint("GET", "/notifications/unread-count", 200),
    Endpoint("POST", "/notifications/read-all", 200),
    Endpoint("POST", "/notifications/{notification}/read", 200, with_id=True),
    Endpoint("GET", "/notifications/preferences", 200),
    Endpoint(
        "PATCH",
        "/notifications/preferences",
        200,
        body={"email": "digest", "quiet_from": "22:00", "quiet_to": "07:00"},
    ),
    Endpoint("GET", "/webhooks/endpoints", 200, admin=True),
    Endpoint(
        "POST",
        "/webhooks/endpoints",
        201,
        admin=True,
        body={"url": "https://example.com/hook", "events": ["alert.fired"]},
    ),
    Endpoint("GET", "/webhooks/endpoints/{endpoint}", 200, admin=True, with_id=True),
    Endpoint(
        "PATCH",
        "/webhooks/endpoints/{endpoint}",
        200,
        admin=True,
        body={"description": "ours"},
        with_id=True,
    ),
    Endpoint("DELETE", "/webhooks/endpoints/{endpoint}", 204, admin=True, with_id=True),
    Endpoint("POST", "/webhooks/endpoints/{endpoint}/rotate-secret", 200, admin=True, with_id=True),
    Endpoint("POST", "/webhooks/endpoints/{endpoint}/test", 202, admin=True, with_id=True),
    Endpoint("GET", "/webhooks/endpoints/{endpoint}/deliveries", 200, admin=True, with_id=True),
    Endpoint(
        "POST",
        "/webhooks/endpoints/{endpoint}/deliveries/{sent}/replay",
        202,
        admin=True,
        with_id=True,
    ),
]

CONNECTIONS = "/integrations/intercom/connections"
# The connection is read only: what would write is told so, whatever is chosen.
SENDING = [
    Endpoint("GET", CONNECTIONS + "/{connection}/outbound", 200, admin=True, with_id=True),
    Endpoint(
        "PUT",
        CONNECTIONS + "/{connection}/outbound",
        200,
        admin=True,
        body={"events": ["*"], "confirm_above": 10},
        with_id=True,
    ),
    Endpoint("POST", CONNECTIONS + "/{connection}/send", 200, admin=True, with_id=True),
    *(
        Endpoint("POST", CONNECTIONS + f"/{{connection}}/outbound/{deed}", 200, True, None, True)
        for deed in ("stop", "resume", "confirm", "discard")
    ),
    Endpoint("GET", CONNECTIONS + "/{connection}/outbound/progress", 200, True, None, True),
    Endpoint("GET", CONNECTIONS + "/{connection}/dry-runs/{dry_run}", 200, True, None, True),
    Endpoint("GET", CONNECTIONS + "/{connection}/sends", 200, admin=True, with_id=True),
    Endpoint("GET", CONNECTIONS + "/{connection}/sends/{send}", 200, admin=True, with_id=True),
    Endpoint("POST", CONNECTIONS + "/{connection}/sends/{send}/stop", 200, True, None, True),
    Endpoint("GET", CONNECTIONS + "/{connection}/writes", 200, admin=True, with_id=True),
    Endpoint("GET", CONNECTIONS + "/{connection}/withheld", 200, admin=True, with_id=True),
    Endpoint("POST", CONNECTIONS + "/{connection}/writes/{write}/undo", 409, True, None, True),
    Endpoint("POST", "/customers/{dora}/refresh", 202, with_id=True),
    Endpoint("POST", "/customers/{dora}/tags", 409, True, {"name": "Beta"}, True),
    Endpoint("POST", "/customers/{dora}/tags/remove", 409, True, {"name": "Beta"}, True),
]
SEGMENTS = [
    Endpoint("GET", "/segments", 200),
    Endpoint("POST", "/segments", 201, admin=True, body={"name": "All", "rule": EVERYBODY}),
    Endpoint("GET", "/segments/fields", 200),
    Endpoint("POST", "/segments/preview", 200, body={"rule": EVERYBODY}),
    Endpoint("GET", "/segments/{segment}", 200, with_id=True),
    Endpoint("PATCH", "/segments/{segment}", 200, admin=True, body={"name": "Some"}, with_id=True),
    Endpoint("DELETE", "/segments/{segment}", 204, admin=True, with_id=True),
    Endpoint("GET", "/segments/{segment}/customers", 200, with_id=True),
    Endpoint("GET", "/segments/{company_segment}/companies", 200, with_id=True),
]
MAPPINGS = [
    Endpoint("GET", "/integrations/intercom/attributes", 200, admin=True),
    Endpoint("GET", CONNECTIONS + "/{connection}/mappings", 200, admin=True, with_id=True),
    Endpoint(
        "PUT",
        CONNECTIONS + "/{connection}/mappings",
        200,
        admin=True,
        body={"incoming": [], "outgoing": []},
        with_id=True,
    ),
    # The connection of this world has no token to ask with.
    Endpoint("POST", CONNECTIONS + "/{connection}/attributes/refresh", 409, True, None, True),
    Endpoint(
        "POST", CONNECTIONS + "/{connection}/attributes", 409, True, {"names": ["Plan"]}, True
    ),
]
ENDPOINTS = [
    Endpoint("GET", "/organizations/current", 200),
    Endpoint("PATCH", "/organizations/current", 200, admin=True, body={"name": "New name"}),
    Endpoint("GET", "/members", 200, admin=True),
    Endpoint(
        "PATCH", "/members/{member}/role", 200, admin=True, body={"role": "admin"}, with_id=True
    ),
    Endpoint("DELETE", "/members/{member}", 204, with_id=True),
    Endpoint("GET", "/invitations", 200, admin=True),
    Endpoint("POST", "/invitations", 201, admin=True, body={"email": "new@example.com"}),
    Endpoint("DELETE", "/invitations/{invitation}", 204, admin=True, with_id=True),
    Endpoint("POST", "/invitations/{invitation}/resend", 200, admin=True, with_id=True),
    Endpoint("POST", "/invitations/{invitation}/link", 200, admin=True, with_id=True),
    Endpoint("GET", "/write-keys", 200, admin=True),
    Endpoint("POST", "/write-keys", 201, admin=True, body={"name": "Website"}),
    Endpoint("POST", "/write-keys/retry", 202, admin=True),
    Endpoint(
        "PATCH",
        "/write-keys/{write_key}",
        200,
        admin=True,
        body={"forwards_to_messenger": True},
        with_id=True,
    ),
    Endpoint("DELETE", "/write-keys/{write_key}", 204, admin=True, with_id=True),
    Endpoint("GET", "/api-keys", 200, admin=True),
    Endpoint("POST", "/api-keys", 201, admin=True, body={"name": "ci"}),
    Endpoint("DELETE", "/api-keys/{key}", 204, admin=True, with_id=True),
    Endpoint("GET", "/audit-log", 200, admin=True),
    *ALERTS,
    Endpoint("GET", "/integrations", 200),
    Endpoint("GET", "/integrations/intercom/status", 200),
    Endpoint("GET", CONNECTIONS + "/{connection}", 200, with_id=True),
    Endpoint(
        "PATCH",
        CONNECTIONS + "/{connection}",
        200,
        admin=True,
        body={"mode": "two_way"},
        with_id=True,
    ),
    Endpoint("DELETE", CONNECTIONS + "/{connection}", 204, admin=True, with_id=True),
    Endpoint(
        "POST",
        CONNECTIONS + "/{connection}/sync",
        202,
        admin=True,
        body={"kind": "full"},
        with_id=True,
    ),
    Endpoint("GET", CONNECTIONS + "/{connection}/runs", 200, with_id=True),
    Endpoint("GET", CONNECTIONS + "/{connection}/runs/{run}", 200, with_id=True),
    Endpoint("GET", CONNECTIONS + "/{connection}/log", 200, admin=True, with_id=True),
    Endpoint("GET", CONNECTIONS + "/{connection}/permissions", 200, admin=True, with_id=True),
    # The connection of this world has no token to ask with.
    Endpoint("POST", CONNECTIONS + "/{connection}/permissions", 409, admin=True, with_id=True),
    Endpoint("GET", CONNECTIONS + "/{connection}/webhooks", 200, admin=True, with_id=True),
    Endpoint("POST", CONNECTIONS + "/{connection}/webhooks/test", 200, admin=True, with_id=True),
    Endpoint("GET", CONNECTIONS + "/{connection}/skipped", 200, with_id=True),
    *SENDING,
    *MAPPINGS,
    *SEGMENTS,
    Endpoint("GET", "/webhooks/intercom/deliveries", 200, admin=True),
    Endpoint("GET", "/webhooks/intercom/deliveries/{delivery}", 200, admin=True, with_id=True),
    Endpoint("GET", "/webhooks/intercom/deliveries/{delivery}/body", 200, admin=True, with_id=True),
    Endpoint(
        "POST", "/webhooks/intercom/deliveries/{delivery}/replay", 202, admin=True, with_id=True
    ),
    Endpoint("GET", "/customers", 200),
    Endpoint("GET", "/customers/{dora}", 200, with_id=True),
    Endpoint("POST", "/customers/{dora}/recalculate", 200, with_id=True),
    Endpoint("DELETE", "/customers/{dora}", 204, admin=True, with_id=True),
    Endpoint("GET", "/customers/{dora}/events", 200, with_id=True),
    Endpoint("GET", "/customers/{dora}/conversations", 200, with_id=True),
    Endpoint("GET", "/customers/{dora}/score-history", 200, with_id=True),
    Endpoint("GET", "/customers/{dora}/explanation", 200, with_id=True),
    Endpoint("GET", "/customers/{dora}/override", 200, with_id=True),
    Endpoint("PUT", "/customers/{dora}/override", 200, body=OVERRIDE, with_id=True),
    # Nobody has said anything of Dora in this world.
    Endpoint("DELETE", "/customers/{dora}/override", 404, with_id=True),
    Endpoint("GET", "/customers/{dora}/notes", 200, with_id=True),
    Endpoint("POST", "/customers/{dora}/notes", 201, body={"body": "Call her"}, with_id=True),
    Endpoint("PATCH", "/customers/{dora}/notes/{note}", 200, body={"body": "Done"}, with_id=True),
    Endpoint("DELETE", "/customers/{dora}/notes/{note}", 204, with_id=True),
    Endpoint("GET", "/customers/{dora}/export", 200, admin=True, with_id=True),
    Endpoint("GET", "/customer-views", 200),
    Endpoint("POST", "/customer-views", 201, body={"name": "VIPs", "query": "tag=vip"}),
    Endpoint("GET", "/customer-views/{view}", 200, with_id=True),
    Endpoint("PATCH", "/customer-views/{view}", 200, body={"name": "Big ones"}, with_id=True),
    Endpoint("PUT", "/customer-views/{view}/default", 200, with_id=True),
    Endpoint("DELETE", "/customer-views/{view}/default", 204, with_id=True),
    Endpoint("DELETE", "/customer-views/{view}", 204, with_id=True),
    Endpoint("GET", "/companies", 200),
    Endpoint("GET", "/companies/{company}", 200, with_id=True),
    Endpoint("GET", "/companies/{company}/customers", 200, with_id=True),
    Endpoint("GET", "/companies/{company}/conversations", 200, with_id=True),
    Endpoint("GET", "/companies/{company}/score-history", 200, with_id=True),
    Endpoint("GET", "/scoring/config", 200, admin=True),
    Endpoint("PUT", "/scoring/config", 200, admin=True, body=CONFIG),
    Endpoint("POST", "/scoring/preview", 200, admin=True, body=CONFIG),
    Endpoint("GET", "/scoring/versions", 200, admin=True),
    Endpoint("GET", "/scoring/versions/{version}", 200, admin=True, with_id=True),
    Endpoint("GET", "/scoring/versions/{version}/differences", 200, admin=True, with_id=True),
    # The version of this world is the one in force.
    Endpoint(
        "POST",
        "/scoring/versions/{version}/restore",
        409,
        admin=True,
        body={"comment": "Better"},
        with_id=True,
    ),
    Endpoint("GET", "/scoring/risk-distribution", 200),
    Endpoint("GET", "/scoring/histogram", 200),
    Endpoint("GET", "/dashboard/summary", 200),
    Endpoint("GET", "/dashboard/attention", 200),
    Endpoint("GET", "/dashboard/score-distribution", 200),
    Endpoint("GET", "/dashboard/score-trend", 200),
    Endpoint("GET", "/outcomes", 200),
    Endpoint(
        "POST",
        "/outcomes",
        200,
        admin=True,
        body={"outcomes": [{"email": "dora@example.com", "left_on": "2026-01-31"}]},
    ),
    Endpoint("DELETE", "/outcomes/{outcome}", 204, admin=True, with_id=True),
    Endpoint("GET", "/outcomes/attribute", 200),
    Endpoint("PUT", "/outcomes/attribute", 200, admin=True, body={"field": "metadata.churned_at"}),
    Endpoint("DELETE", "/outcomes/attribute", 204, admin=True),
    Endpoint("GET", "/backtests", 200),
    Endpoint("POST", "/backtests", 202, admin=True),
    Endpoint("GET", "/backtests/{backtest}", 200, with_id=True),
]
# Without an organization, without a token, needing Intercom, or naming an id in the body: each has
# tests of its own.
APART = {
    "POST /auth/register",
    "POST /auth/login",
    "POST /auth/refresh",
    "POST /auth/logout",
    "POST /auth/password-reset/request",
    "POST /auth/password-reset/complete",
    "POST /auth/verify-email",
    "POST /users/me/email",
    "POST /users/me/verification",
    "GET /users/me/sessions",
    "DELETE /users/me/sessions",
    "DELETE /users/me/sessions/{id}",
    "GET /users/me/second-step",
    "POST /users/me/second-step/app",
    "PUT /users/me/second-step/app",
    "DELETE /users/me/second-step/app",
    "POST /users/me/second-step/recovery-codes",
    "DELETE /users/me/second-step/passkeys/{id}",
    "DELETE /organizations/current",
    "GET /users/me",
    "PATCH /users/me",
    "PUT /users/me/password",
    "GET /organizations",
    "POST /organizations",
    "POST /invitations/accept",
    "GET /integrations/intercom/connect",
    "POST /integrations/intercom/connections",
    "POST /webhooks/intercom",
    "POST /webhooks/intercom/deliveries/replay",
    "HEAD /webhooks/intercom",
}


@pytest.fixture
def world(db: None) -> World:
    made: World = KEEPER.world(make_full_world)
    return made


@pytest.fixture
def ids(world: World) -> dict[str, int]:
    return world.ids


def test_the_table_holds_every_operation() -> None:
    described = {
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, operations in the_api.get_openapi_schema()["paths"].items()
        for method in operations
    }
    named = {shape(one.name) for one in ENDPOINTS} | {shape(one) for one in APART}
    assert {shape(one) for one in described} == named


def shape(name: str) -> str:
    """An operation with its ids unnamed."""
    return "/".join("{}" if part.startswith("{") else part for part in name.split("/"))


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda one: one.name)
def test_it_works_for_those_who_may(endpoint: Endpoint, alice: Api, ids: dict[str, int]) -> None:
    answer = alice.call(endpoint.method, endpoint.path.format(**ids), endpoint.body)
    assert answer.status == endpoint.status, answer.body


# What is refused changes nothing, so one world serves all endpoints of each test below.


def test_every_endpoint_needs_credentials(nobody: Api, ids: dict[str, int]) -> None:
    for endpoint in ENDPOINTS:
        answer = ask(nobody, endpoint, ids)
        assert_problem(endpoint, answer, 401)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_stranger_finds_nothing(charlie: Api, ids: dict[str, int]) -> None:
    for endpoint in ENDPOINTS:
        if endpoint.with_id:
            assert_problem(endpoint, ask(charlie, endpoint, ids), 404)


def test_a_stranger_cannot_name_the_organization(
    charlie: Api, world: World, ids: dict[str, int]
) -> None:
    for endpoint in ENDPOINTS:
        answer = ask(charlie, endpoint, ids, X_Organization_ID=str(world.org_id))
        assert_problem(endpoint, answer, 404)


def test_a_member_is_refused_what_admins_may(bob: Api, ids: dict[str, int]) -> None:
    for endpoint in ENDPOINTS:
        if endpoint.admin:
            assert_problem(endpoint, ask(bob, endpoint, ids), 403)


@pytest.mark.parametrize(
    "bad", ["0", "-1", "abc", "9223372036854775808", "1e3", "%00", "999999", "٣"]
)
def test_a_bad_id_leads_nowhere(bad: str, alice: Api, ids: dict[str, int]) -> None:
    for endpoint in ENDPOINTS:
        if endpoint.with_id:
            answer = ask(alice, endpoint, dict.fromkeys(ids, bad))
            assert_problem(endpoint, answer, 404)


def test_another_method_is_refused(alice: Api, ids: dict[str, int]) -> None:
    for endpoint in ENDPOINTS:
        answer = alice.call("TRACE", endpoint.path.format(**ids))
        assert_problem(endpoint, answer, 405)
        assert endpoint.method in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b'{"a": NaN}', 400),
        (b'{"a": "\\ud800"}', 400),
        (b"[" * 100_000, 400),
        (b'"text"', 422),
        (b"[]", 422),
        (b"17", 422),
        (b'{"unknown_field": 1}', 422),
        (b'{"name": "a\\u0000b", "body": "\\u0000", "mode": "\\u0000"}', 422),
        (b'{"name": "' + b"x" * 1_100_000 + b'"}', 413),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_bad_body_is_refused(raw: bytes, status: int, alice: Api, ids: dict[str, int]) -> None:
    for endpoint in ENDPOINTS:
        if endpoint.body:
            answer = alice.call(endpoint.method, endpoint.path.format(**ids), raw=raw)
            assert_problem(endpoint, answer, status)


def ask(api: Api, endpoint: Endpoint, ids: Any, **headers: str) -> Answer:
    """The request that works for Alice."""
    return api.call(endpoint.method, endpoint.path.format(**ids), endpoint.body, **headers)


def assert_problem(endpoint: Endpoint, answer: Answer, status: int) -> None:
    assert answer.status == status, (endpoint.name, answer.body)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail"} <= set(answer.body)
    assert answer.body["status"] == status
