"""The control interface and pages: everything can be done, nothing breaks on nonsense."""

import pytest

from intercom_sim.control.catalogue import ACTIONS, parameters
from intercom_sim.control.forms import nested
from intercom_sim.server import Running
from intercom_sim.workspace import Workspace
from tests.sim.asking import Client


@pytest.fixture
def closed(workspace: Workspace) -> str:
    """A closed conversation of a visible person."""
    for one in workspace.conversations.values():
        person = workspace.contacts[one.contact_ids[0]]
        if one.state == "closed" and person.email and not person.archived:
            return one.id
    raise AssertionError("no closed conversation")


def test_a_ticket_reopens_by_name_of_action(client: Client, closed: str) -> None:
    answer = client.post(
        "/_sim/actions/customer_reply", {"conversation_id": closed, "body": "Again"}
    )
    assert answer.json["ok"] is True
    assert client.get(f"/_sim/conversations/{closed}").json["state"] == "open"
    assert client.get(f"/conversations/{closed}").json["statistics"]["count_reopens"] >= 1


def test_every_action_is_listed_with_its_arguments(client: Client) -> None:
    listed = client.get("/_sim/actions").json["actions"]
    assert set(listed) == set(ACTIONS)
    assert listed["snooze"]["arguments"][:2] == ["conversation_id", "until"]
    assert all("workspace" not in parameters(one) for one in ACTIONS.values())


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("fly", {}, 404),
        ("close", {}, 400),
        ("close", {"conversation_id": "1"}, 404),
        ("close", {"conversation_id": "1", "colour": "red"}, 400),
        ("rate", {"conversation_id": "1", "rating": "many"}, 400),
        ("create_contact", {"role": "boss"}, 400),
    ],
)
def test_nonsense_is_refused_with_a_reason(
    client: Client, name: str, body: object, status: int
) -> None:
    answer = client.post(f"/_sim/actions/{name}", body)
    assert answer.status == status
    assert answer.json["error"]


def test_what_cannot_be_done_is_409(client: Client, closed: str) -> None:
    assert client.post("/_sim/actions/close", {"conversation_id": closed}).status == 409


@pytest.mark.parametrize("body", [b"{", b"[]"])
def test_a_body_that_is_no_object_is_400(client: Client, body: bytes) -> None:
    assert client.post("/_sim/actions/close", body).status == 400


def test_people_are_found_by_part_of_name_or_address(client: Client) -> None:
    found = client.get("/_sim/contacts?q=LINDQVIST").json["contacts"]
    assert [one["name"] for one in found] == ["Mara Lindqvist"]


def test_the_request_log_counts_writes_and_not_the_control_itself(client: Client) -> None:
    client.get("/contacts")
    client.post("/contacts", {"role": "lead"})
    log = client.get("/_sim/requests?writes=1").json
    assert (log["total"], log["total_writes"]) == (2, 1)
    assert [one["path"] for one in log["requests"]] == ["/contacts"]
    client.ask("DELETE", "/_sim/requests")
    assert client.get("/_sim/requests").json["total"] == 0


def test_faults_are_switched_and_reset(client: Client, sim: Running) -> None:
    wanted = {"planned": [{"path": "/me", "status": 500, "count": 1}], "rate_limit": 600}
    assert client.ask("PATCH", "/_sim/faults", wanted).json["rate_limit"] == 600
    assert client.get("/me").status == 500
    client.ask("PATCH", "/_sim/faults", {"error_rates": {"503": 1}})
    assert client.get("/me").status == 503
    client.ask("DELETE", "/_sim/faults")
    assert client.get("/me").status == 200


@pytest.mark.parametrize("wanted", [{"nope": 1}, {"cut_rate": 2}, {"latency_ms": "slow"}])
def test_impossible_faults_are_400(client: Client, wanted: object) -> None:
    assert client.ask("PATCH", "/_sim/faults", wanted).status == 400


def test_the_webhook_target_can_be_changed(client: Client, sim: Running) -> None:
    wanted = {"url": "http://127.0.0.1:9/x", "generation": "legacy", "topics": ["ping"]}
    shown = client.ask("PATCH", "/_sim/webhooks", wanted).json
    assert (shown["generation"], shown["topics"]) == ("legacy", ["ping"])
    assert client.ask("PATCH", "/_sim/webhooks", {"generation": "future"}).status == 400
    assert client.ask("PATCH", "/_sim/webhooks", {"url": None}).json["url"] is None


def test_tokens_are_granted_and_revoked(client: Client) -> None:
    client.post("/_sim/tokens", {"token": "second"})
    assert Client(client.url, "second").get("/me").status == 200
    assert client.post("/_sim/tokens/revoke", {"code": "token_expired"}).json["revoked"] == 2
    assert client.get("/me").code == "token_expired"


@pytest.mark.parametrize("path", ["/", "/?q=nobody-at-all", "/notifications", "/requests"])
def test_pages_are_there(client: Client, path: str) -> None:
    client.get("/me")
    page = client.get(path)
    assert page.status == 200
    assert page.raw.startswith(b"<!doctype html>")


def test_every_persons_page_is_there_and_escapes_everything(
    client: Client, workspace: Workspace
) -> None:
    for one in workspace.contacts:
        page = client.get(f"/people/{one}")
        assert page.status == 200
        assert b"<script>alert" not in page.raw
        assert b"<img" not in page.raw
    assert client.get("/people/nobody").status == 404


def test_the_first_page_offers_to_reopen_a_ticket(client: Client) -> None:
    page = client.get("/").raw.decode()
    assert "Make a ticket reopen" in page
    assert 'action="/do/customer_reply"' in page


def test_a_button_does_its_action_and_comes_back(client: Client, closed: str) -> None:
    form = {"conversation_id": closed, "body": "Again", "back": "/people/x"}
    answer = client.post("/do/customer_reply", form=form)
    assert answer.status == 303
    assert answer.headers["Location"].startswith("/people/x?said=Done")
    assert client.get(f"/_sim/conversations/{closed}").json["state"] == "open"


def test_a_button_that_fails_says_why(client: Client, closed: str) -> None:
    answer = client.post("/do/close", form={"conversation_id": closed, "back": "//evil.example"})
    assert answer.headers["Location"].startswith("/?said=Not+done")


def test_forms_become_arguments() -> None:
    form = {"fields.name": "A", "fields.phone": "", "attribute": "plan", "value": "Team", "x": ""}
    assert nested(form) == {"fields": {"name": "A"}, "custom_attributes": {"plan": "Team"}}
    assert nested({"assignee": "nobody"}) == {"assignee": None}


def test_trouble_can_be_made_from_its_page(client: Client) -> None:
    client.post("/do/set_faults", form={"error_rates.500": "1", "cut_rate": "0", "back": "/"})
    assert client.get("/me").status == 500
    client.post("/do/reset_faults", form={"back": "/"})
    client.post("/do/plan_failure", form={"path": "/me", "status": "503", "count": "1"})
    assert [client.get("/me").status for _ in range(2)] == [503, 200]
    client.post("/do/revoke_tokens", form={"code": "token_revoked"})
    assert client.get("/me").code == "token_revoked"
    assert client.get("/trouble").status == 200


def test_a_person_is_shown_with_tags_attributes_and_what_was_written(
    client: Client, workspace: Workspace
) -> None:
    made = client.post(
        "/contacts", {"email": "shown@page.example", "custom_attributes": {"seats": 12_345}}
    ).json["id"]
    tag = client.post("/tags", {"name": "Segment <one>"}).json["id"]
    client.post(f"/contacts/{made}/tags", {"id": tag})
    client.ask("PUT", f"/contacts/{made}", {"custom_attributes": {"nope": 1}})
    text = client.get(f"/people/{made}").raw.decode()
    for words in ("Segment &lt;one&gt;", "seats", "12345", "integer", "Received writes (2)"):
        assert words in text
    assert f"POST /contacts/{made}/tags" in text
    everything = client.get("/writes").raw.decode()
    assert "4 writing requests, 1 of those kept refused." in everything
    assert "Segment &lt;one&gt;" in client.get("/?q=shown@page").raw.decode()
