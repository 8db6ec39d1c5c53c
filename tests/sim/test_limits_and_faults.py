"""The budget, the version header, the request log, and troubles on request."""

from http.client import IncompleteRead

import pytest

from intercom_sim.clock import ManualClock
from intercom_sim.faults import Faults
from intercom_sim.limits import RateLimiter
from intercom_sim.server import Running, run_in_thread
from intercom_sim.simulator import Settings
from intercom_sim.workspace import Workspace
from tests.sim.asking import Client
from tests.sim.conftest import NOW

SEARCH = {"query": {"field": "role", "operator": "=", "value": "user"}}


def test_a_minute_is_dealt_out_in_windows_of_ten_seconds() -> None:
    limiter = RateLimiter(60)
    taken = [limiter.take(now=100.0 + n / 100).allowed for n in range(11)]
    assert taken == [True] * 10 + [False]
    assert limiter.take(now=110.0).allowed


def test_headers_tell_where_a_client_stands(client: Client) -> None:
    first, second = client.get("/me").headers, client.get("/me").headers
    assert first["X-RateLimit-Limit"] == "1666"
    assert int(second["X-RateLimit-Remaining"]) == int(first["X-RateLimit-Remaining"]) - 1
    assert int(first["X-RateLimit-Reset"]) == NOW // 10 * 10 + 10


def test_beyond_the_budget_is_429_until_the_reset(workspace: Workspace, clock: ManualClock) -> None:
    with run_in_thread(workspace, settings=Settings(rate_limit=12)) as sim:
        client = Client(sim.url)
        answers = [client.get("/me") for _ in range(3)]
        assert [one.status for one in answers] == [200, 200, 429]
        assert answers[2].code == "rate_limit_exceeded"
        assert answers[2].headers["X-RateLimit-Remaining"] == "0"
        clock.advance(int(answers[2].headers["X-RateLimit-Reset"]) - clock.time())
        assert client.get("/me").status == 200


@pytest.mark.parametrize("version", ["1.4", "2.0", "2.16", "Preview"])
def test_known_versions_are_accepted(client: Client, version: str) -> None:
    assert client.get("/me", headers={"Intercom-Version": version}).status == 200


@pytest.mark.parametrize("version", ["2.17", "1.9", "latest"])
def test_unknown_versions_are_400(client: Client, version: str) -> None:
    answer = client.get("/me", headers={"Intercom-Version": version})
    assert (answer.status, answer.code) == (400, "intercom_version_invalid")


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[1"])
def test_malformed_json_is_400(client: Client, body: bytes) -> None:
    assert client.post("/contacts/search", body).status == 400


@pytest.mark.parametrize("body", [[], "text", 5])
def test_json_that_is_no_object_is_400(client: Client, body: object) -> None:
    assert client.post("/contacts/search", body).status == 400


def test_unknown_addresses_are_404_in_the_envelope(client: Client) -> None:
    answer = client.get("/nowhere")
    assert (answer.status, answer.code) == (404, "not_found")
    assert client.ask("PATCH", "/contacts").status == 404


def test_every_request_is_logged_and_reading_is_not_writing(client: Client, sim: Running) -> None:
    client.get("/contacts?per_page=5")
    client.post("/contacts/search", SEARCH)
    client.post("/companies/list")
    assert sim.simulator.log.writes() == []
    client.post("/contacts", {"role": "lead"})
    logged = list(sim.simulator.log)
    assert [one.path for one in logged][:2] == ["/contacts", "/contacts/search"]
    assert logged[0].query == "per_page=5"
    assert b'"role"' in logged[1].body
    assert [(one.method, one.path) for one in sim.simulator.log.writes()] == [("POST", "/contacts")]


def test_the_next_requests_to_a_path_can_be_planned_to_fail(client: Client, sim: Running) -> None:
    sim.simulator.faults.plan("/contacts", status=503, count=2)
    assert [client.get("/me").status, client.get("/contacts").status] == [200, 503]
    assert [client.get("/contacts").status for _ in range(2)] == [503, 200]


def test_a_502_is_not_json(client: Client, sim: Running) -> None:
    sim.simulator.faults.plan("/me", status=502)
    answer = client.get("/me")
    assert answer.status == 502
    assert answer.raw.startswith(b"<html>")


def test_permissions_can_be_withheld(client: Client, sim: Running) -> None:
    sim.simulator.faults.denied = {"/companies": 403, "/tags": 402}
    assert client.get("/companies/scroll").code == "action_forbidden"
    assert client.get("/tags").code == "api_plan_restricted"
    assert client.get("/contacts").status == 200


def test_a_share_of_requests_fails() -> None:
    faults = Faults(error_rates={500: 0.3})
    failed = sum(faults.error("GET", "/me") is not None for _ in range(1_000))
    assert 220 < failed < 380


def test_cursors_can_expire(client: Client, sim: Running) -> None:
    cursor = client.get("/contacts?per_page=5").json["pages"]["next"]["starting_after"]
    sim.simulator.faults.expire_cursors = True
    assert client.get("/contacts?per_page=5").status == 200
    answer = client.get(f"/contacts?per_page=5&starting_after={cursor}")
    assert (answer.status, answer.code) == (400, "parameter_invalid")


def test_an_answer_can_be_cut_off_in_the_middle(client: Client, sim: Running) -> None:
    sim.simulator.faults.cut_rate = 1
    with pytest.raises((IncompleteRead, ConnectionError)):
        client.get("/contacts?per_page=50")


def test_a_request_can_be_left_hanging(client: Client, sim: Running) -> None:
    sim.simulator.faults.hang_rate = 1
    with pytest.raises(TimeoutError):
        client.get("/me", timeout=0.2)


def test_latency_is_added_to_every_answer() -> None:
    assert Faults(latency_ms=150).delay_secs() == 0.15
    assert 0.1 <= Faults(latency_ms=100, jitter_ms=50).delay_secs() <= 0.15


def test_answers_tell_as_much_of_the_budget_as_switched(client: Client, sim: Running) -> None:
    wanted = {"rate_limit": 12, "rate_limit_tells": "retry_after"}
    shown = client.ask("PATCH", "/_sim/faults", wanted).json
    assert shown["rate_limit_tells"] == "retry_after"
    answers = [client.get("/me") for _ in range(3)]
    assert answers[2].status == 429
    assert answers[2].headers["Retry-After"] == str(10 - NOW % 10)
    assert not [name for one in answers for name in one.headers if name.startswith("X-RateLimit")]
    client.ask("PATCH", "/_sim/faults", {"rate_limit_tells": "nothing"})
    assert "Retry-After" not in client.get("/me").headers
    assert client.ask("PATCH", "/_sim/faults", {"rate_limit_tells": "all"}).status == 400
    client.ask("DELETE", "/_sim/faults")
    assert client.get("/me").headers["X-RateLimit-Limit"] == "2"


def test_filters_can_be_refused_by_field_and_operator(client: Client, sim: Running) -> None:
    client.ask("PATCH", "/_sim/faults", {"refused_filters": {"role": ["="]}})
    nested = {
        "query": {"operator": "OR", "value": [{"operator": "AND", "value": [SEARCH["query"]]}]}
    }
    for body in (SEARCH, nested):
        answer = client.post("/contacts/search", body)
        assert (answer.status, answer.code) == (400, "parameter_invalid")
    other = {"query": {"field": "role", "operator": "!=", "value": "user"}}
    assert client.post("/contacts/search", other).status == 200
    assert client.get("/contacts").status == 200


def test_the_next_cursors_can_expire(client: Client, sim: Running) -> None:
    cursor = client.get("/contacts?per_page=5").json["pages"]["next"]["starting_after"]
    sim.simulator.faults.cursors_to_expire = 1
    assert client.get("/contacts?per_page=5").status == 200
    following = f"/contacts?per_page=5&starting_after={cursor}"
    assert [client.get(following).status for _ in range(2)] == [400, 200]
