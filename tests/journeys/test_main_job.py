"""A newcomer's main job, through the API alone: register, connect, import, look, follow."""

from collections.abc import Iterator

import pytest

from tests.journeys.stack import ApiClient, Stack, call, eventually, running

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running(contacts=60) as stack:
        yield stack


@pytest.fixture(scope="module")
def api(stack: Stack) -> ApiClient:
    client = ApiClient(stack)
    client.register()
    connected = client.connect()
    assert connected.status == 201, connected.body
    eventually(client.imported)
    eventually(lambda: scored(client))
    return client


def scored(api: ApiClient) -> bool:
    """Whether every customer has been looked at by the scoring stage."""
    summary = api.call("GET", "/scoring/risk-distribution").body
    total = api.connection()["counts"]["customers"]
    return total > 0 and sum(summary[key] for key in ("green", "yellow", "red", "none")) == total


def customers(api: ApiClient, query: str = "") -> list[dict]:
    found, page = [], 1
    while True:
        body = api.call("GET", f"/customers?per_page=100&page={page}{query}").body
        found += body["customers"]
        if page >= body["pagination"]["total_pages"]:
            return found
        page += 1


def truth(stack: Stack, path: str, **headers: str) -> dict:
    """What the workspace itself says."""
    answer = call(
        "GET",
        f"{stack.simulator_url}{path}",
        headers={"Authorization": "Bearer journey-token", **headers},
    )
    assert answer.status == 200, answer.body
    return answer.body


def contacts_of_the_workspace(stack: Stack) -> list[dict]:
    found, cursor = [], ""
    while True:
        page = truth(stack, f"/contacts?per_page=150{cursor}")
        found += page["data"]
        following = (page["pages"].get("next") or {}).get("starting_after")
        if not following:
            return found
        cursor = f"&starting_after={following}"


def test_every_contact_with_an_email_is_a_customer_and_nobody_else(
    api: ApiClient, stack: Stack
) -> None:
    expected = {contact["id"] for contact in contacts_of_the_workspace(stack) if contact["email"]}
    assert {customer["external_id"] for customer in customers(api)} == expected


def test_skipped_contacts_are_counted(api: ApiClient, stack: Stack) -> None:
    without = [one for one in contacts_of_the_workspace(stack) if not one["email"]]
    assert api.connection()["counts"]["skipped_contacts"] == len(without)


def test_fields_of_a_customer_are_those_of_the_contact(api: ApiClient, stack: Stack) -> None:
    contacts = {one["id"]: one for one in contacts_of_the_workspace(stack)}
    for customer in customers(api):
        contact = contacts[customer["external_id"]]
        assert customer["email"] == contact["email"]
        assert customer["contact_role"] == contact["role"]
        assert customer["is_lead"] == (contact["role"] == "lead")
        assert customer["metadata"] == contact["custom_attributes"]
        assert len(customer["tags"]) == contact["tags"]["total_count"]


def test_conversations_of_a_customer_match_the_workspace(api: ApiClient, stack: Stack) -> None:
    for customer in customers(api)[:10]:
        body = api.call("GET", f"/customers/{customer['id']}/conversations").body
        for conversation in body["conversations"]:
            remote = truth(stack, f"/conversations/{conversation['external_id']}")
            statistics = remote["statistics"] or {}
            assert conversation["status"] == remote["state"]
            assert conversation["reopen_count"] == (statistics.get("count_reopens") or 0)
            assert sorted(conversation["tags"]) == sorted(
                tag["name"] for tag in remote["tags"]["tags"]
            )


def test_all_three_levels_appear_and_scores_are_explained(api: ApiClient) -> None:
    levels = {customer["risk_level"] for customer in customers(api)}
    assert {"green", "yellow", "red"} <= levels
    worst = customers(api, "&sort=score&order=asc&risk=red")[0]
    explanation = api.call("GET", f"/customers/{worst['id']}/explanation").body
    assert explanation["score"] == worst["score"]
    assert len(explanation["factors"]) == 5


def test_read_only_sends_no_writing_request(api: ApiClient, stack: Stack) -> None:
    log = call("GET", f"{stack.simulator_url}/_sim/requests?writes=1").body
    assert log["total"] > 0
    assert log["total_writes"] == 0


def closed_conversation_of(api: ApiClient, customer: dict) -> dict | None:
    body = api.call("GET", f"/customers/{customer['id']}/conversations").body
    closed = [one for one in body["conversations"] if one["status"] == "closed"]
    return closed[0] if closed else None


def healthy_with_closed(api: ApiClient) -> tuple[dict, dict]:
    """A healthy customer and one of their closed conversations that nobody reopened yet."""
    for customer in customers(api, "&risk=green&sort=score&order=desc"):
        conversation = closed_conversation_of(api, customer)
        if conversation and conversation["reopen_count"] == 0:
            return customer, conversation
    raise AssertionError("the workspace has no healthy customer with a closed conversation")


@pytest.mark.parametrize("generation", ["current", "legacy", "guide"])
def test_reopening_in_intercom_lowers_the_score_within_seconds(
    api: ApiClient, stack: Stack, generation: str
) -> None:
    call("PATCH", f"{stack.simulator_url}/_sim/webhooks", {"generation": generation})
    customer, conversation = healthy_with_closed(api)
    act(stack, "reopen", conversation_id=conversation["external_id"])

    def fallen() -> bool:
        now = api.call("GET", f"/customers/{customer['id']}").body
        return now["health_score"]["score"] < customer["score"]

    eventually(fallen, patience=20)
    body = api.call("GET", f"/customers/{customer['id']}/conversations").body
    found = {one["external_id"]: one for one in body["conversations"]}
    assert found[conversation["external_id"]]["status"] == "open"
    assert found[conversation["external_id"]]["reopen_count"] == 1


def act(stack: Stack, action: str, **arguments: object) -> None:
    """Make something happen in the simulated workspace."""
    answer = call("POST", f"{stack.simulator_url}/_sim/actions/{action}", arguments)
    assert answer.status < 300, answer.body


def test_a_webhook_with_a_wrong_signature_is_refused(api: ApiClient, stack: Stack) -> None:
    answer = call(
        "POST",
        f"{stack.url}/api/v1/webhooks/intercom",
        {"type": "notification_event", "app_id": "x", "topic": "contact.deleted"},
        headers={"X-Hub-Signature": "sha1=" + "0" * 40},
    )
    assert answer.status == 401
    assert answer.headers["content-type"].startswith("application/problem+json")
