"""Authorizing an app: consent, refusal, exchange, and the end of a token."""

from urllib.parse import parse_qs, urlsplit

import pytest

from intercom_sim.clock import ManualClock
from intercom_sim.server import Running, run_in_thread
from intercom_sim.simulator import Settings
from intercom_sim.workspace import Workspace
from tests.sim.asking import Answer, Client

BACK = "http://127.0.0.1:9/callback"
START = f"/oauth?client_id=demo-client&state=s%26t&redirect_uri={BACK}"
APP = {"client_id": "demo-client", "client_secret": "demo-secret"}


def returned(answer: Answer) -> dict[str, str]:
    """The parameters that the browser takes back to the app."""
    assert answer.status == 302
    query = urlsplit(answer.headers["Location"]).query
    return {key: values[0] for key, values in parse_qs(query).items()}


def fresh_code(client: Client) -> str:
    return returned(client.post(START, form={"decision": "authorize"}))["code"]


def test_the_consent_page_names_workspace_and_app(client: Client) -> None:
    page = client.get(START)
    assert page.status == 200
    text = page.raw.decode()
    assert "Lantern Works" in text
    assert "demo-client" in text
    assert "127.0.0.1:9" in text


def test_authorize_returns_a_code_and_the_state(client: Client) -> None:
    back = returned(client.post(START, form={"decision": "authorize"}))
    assert back["state"] == "s&t"
    assert back["code"]


def test_cancel_returns_access_denied_and_the_state(client: Client) -> None:
    back = returned(client.post(START, form={"decision": "cancel"}))
    assert back == {"state": "s&t", "error": "access_denied"}


@pytest.mark.parametrize("as_form", [True, False])
def test_a_code_buys_a_token_that_works(client: Client, as_form: bool) -> None:
    fields = {**APP, "code": fresh_code(client)}
    path = "/auth/eagle/token"
    answer = client.post(path, form=fields) if as_form else client.post(path, fields)
    assert answer.json["token_type"] == "Bearer"
    assert answer.json["token"] == answer.json["access_token"]
    assert Client(client.url, answer.json["token"]).get("/me").status == 200


def test_a_code_works_once(client: Client) -> None:
    fields = {**APP, "code": fresh_code(client)}
    client.post("/auth/eagle/token", fields)
    answer = client.post("/auth/eagle/token", fields)
    assert answer.status == 401
    assert answer.json["errors"][0]["message"] == "Unauthorized Code"


def test_a_code_dies_after_five_minutes(client: Client, clock: ManualClock) -> None:
    code = fresh_code(client)
    clock.advance(301)
    assert client.post("/auth/eagle/token", {**APP, "code": code}).status == 401


def test_wrong_credentials_are_invalid_client(client: Client) -> None:
    fields = {**APP, "client_secret": "guess", "code": fresh_code(client)}
    answer = client.post("/auth/eagle/token", fields)
    assert (answer.status, answer.code) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("path", "word"),
    [
        (f"/oauth?client_id=other&redirect_uri={BACK}", "invalid_client"),
        ("/oauth?client_id=demo-client&redirect_uri=https://evil.example", "redirect_uri_mismatch"),
        ("/oauth?client_id=demo-client", "redirect_uri_mismatch"),
    ],
)
def test_a_wrong_request_ends_on_a_page_and_goes_nowhere(
    client: Client, path: str, word: str
) -> None:
    for answer in (client.get(path), client.post(path, form={"decision": "authorize"})):
        assert answer.status == 400
        assert word in answer.raw.decode()
        assert "Location" not in answer.headers


def test_registered_addresses_are_the_only_ones_and_the_first_is_default(
    workspace: Workspace,
) -> None:
    settings = Settings(redirect_uris=("https://app.example/cb",))
    with run_in_thread(workspace, settings=settings) as sim:
        client = Client(sim.url)
        assert client.get(START).status == 400
        answer = client.post("/oauth?client_id=demo-client", form={"decision": "authorize"})
        assert answer.headers["Location"].startswith("https://app.example/cb?")


def test_several_tokens_are_valid_at_once_and_die_alone(client: Client, sim: Running) -> None:
    tokens = [
        client.post("/auth/eagle/token", {**APP, "code": fresh_code(client)}).json["token"]
        for _ in range(2)
    ]
    sim.simulator.tokens.revoke(tokens[0])
    answers = [Client(client.url, token).get("/me") for token in tokens]
    assert [one.status for one in answers] == [401, 200]
    assert answers[0].code == "token_revoked"


def test_uninstalling_ends_the_token(client: Client) -> None:
    assert client.post("/auth/uninstall").status == 200
    assert client.get("/me").code == "token_revoked"


@pytest.mark.parametrize(
    ("token", "code"), [(None, "missing_authorization"), ("guess", "unauthorized")]
)
def test_no_or_wrong_token_is_401_in_the_envelope(
    client: Client, token: str | None, code: str
) -> None:
    answer = Client(client.url, token).get("/contacts")
    assert (answer.status, answer.code) == (401, code)
    assert answer.json["type"] == "error.list"
    assert answer.json["request_id"] == answer.headers["X-Request-Id"]


def test_secrets_reach_no_log(client: Client, sim: Running) -> None:
    client.post("/auth/eagle/token", {**APP, "code": fresh_code(client)})
    client.get("/me")
    logged = repr(list(sim.simulator.log))
    assert "demo-secret" not in logged
    assert "demo-token" not in logged
