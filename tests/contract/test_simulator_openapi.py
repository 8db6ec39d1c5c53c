"""Every answer of the simulator conforms to Intercom's published description."""

import re
from collections.abc import Iterator

import pytest

from intercom_sim.actions import contacts, conversations, inbox, visitors
from intercom_sim.clock import ManualClock
from intercom_sim.generator.build import Size, generate
from intercom_sim.server import ROUTES, Running, run_in_thread
from tests.contract.description import complaints, description, shape_complaints
from tests.sim.asking import Client

NOW = 1_790_000_000
EVERYTHING = {"field": "created_at", "operator": ">", "value": 1}


@pytest.fixture(scope="module")
def sim() -> Iterator[Running]:
    """A workspace with everything in it, also a merged, an archived and a deleted thing."""
    workspace = generate(Size(200), clock=ManualClock(NOW))
    people = list(workspace.contacts.values())
    users = [one for one in people if one.role == "user" and one.email and not one.archived]
    lead = next(one for one in people if one.role == "lead" and one.conversation_ids)
    contacts.merge(workspace, lead.id, into=users[0].id)
    contacts.add_contact_note(workspace, users[0].id, body="<p>A note</p>")
    inbox.delete_conversation(workspace, users[1].conversation_ids[0])
    thread = conversations.start_conversation(workspace, users[0].id, body="Hi", subject="Hello")
    inbox.rate(workspace, thread.id, rating=3)
    inbox.tag_conversation(workspace, thread.id, name="Bug")
    with run_in_thread(workspace) as running:
        yield running


@pytest.fixture
def client(sim: Running) -> Client:
    return Client(sim.url)


def examples(sim: Running) -> dict[str, str]:
    """An id for each placeholder of a path."""
    workspace = sim.workspace
    person = next(one for one in workspace.contacts.values() if one.note_ids and one.company_ids)
    return {
        "contact_id": person.id,
        "external_id": str(person.external_id),
        "conversation_id": person.conversation_ids[0],
        "company_id": person.company_ids[0],
        "admin_id": next(iter(workspace.admins)),
        "team_id": next(iter(workspace.teams)),
        "tag_id": next(iter(workspace.tags)),
        "segment_id": next(iter(workspace.segments)),
        "note_id": person.note_ids[0],
    }


READS = [one.path for one in ROUTES if one.method == "GET" and "merge_history" not in one.path]
NEED_QUERY = ("/events", "/companies", "/visitors")
QUERIES = {"/data_attributes": "?model=contact", "/segments": "?include_count=true"}


@pytest.mark.parametrize("path", [one for one in READS if one not in NEED_QUERY])
def test_reading_conforms(client: Client, sim: Running, path: str) -> None:
    address = path.format(**examples(sim)) + QUERIES.get(path, "")
    answer = client.get(address)
    assert answer.status == 200
    assert complaints("get", path, 200, answer.json) == []


@pytest.mark.parametrize(
    ("path", "key"), [("/contacts", "data"), ("/conversations", "conversations")]
)
def test_whole_lists_and_searches_conform(client: Client, path: str, key: str) -> None:
    listed = client.get(f"{path}?per_page=150").json
    body = {"query": EVERYTHING, "pagination": {"per_page": 150}}
    found = client.post(f"{path}/search", body).json
    assert len(listed[key]) == len(found[key]) == 150
    assert complaints("get", path, 200, listed) == []
    assert complaints("post", f"{path}/search", 200, found) == []


def test_tickets_are_the_conversations_that_were_made_tickets(client: Client, sim: Running) -> None:
    found = client.post("/tickets/search", {"query": EVERYTHING}).json
    made = {key for key, one in sim.workspace.conversations.items() if one.ticket is not None}
    assert {one["id"] for one in found["tickets"]} <= made
    assert found["total_count"] == len(made) > 0
    assert complaints("post", "/tickets/search", 200, found) == []


def test_every_conversation_conforms_with_its_parts(client: Client, sim: Running) -> None:
    path = "/conversations/{conversation_id}"
    for one in list(sim.workspace.conversations)[:150]:
        for display in ("", "?display_as=plaintext"):
            answer = client.get(f"/conversations/{one}{display}").json
            assert complaints("get", path, 200, answer) == []


@pytest.mark.parametrize("query", ["", "?tag_id=1", "?company_id={key}", "?name={name}"])
def test_finding_companies_conforms(client: Client, sim: Running, query: str) -> None:
    one = next(one for one in sim.workspace.companies.values() if "&" not in str(one.name))
    name = str(one.name).replace(" ", "%20")
    answer = client.get("/companies" + query.format(key=one.company_id, name=name)).json
    schema = "company" if "{" in query and "tag" not in query else "company_list"
    assert shape_complaints(schema, answer) == []


def test_listing_companies_conforms(client: Client) -> None:
    answer = client.post("/companies/list?per_page=60").json
    assert shape_complaints("company", answer["data"][0]) == []
    assert answer["total_count"] > 0


def test_events_and_their_summary_conform(client: Client, sim: Running) -> None:
    person = next(iter(sim.workspace.events))
    address = f"/events?type=user&intercom_user_id={person}"
    assert shape_complaints("data_event_list", client.get(address).json) == []
    assert shape_complaints("data_event_summary", client.get(f"{address}&summary=true").json) == []


def test_writing_conforms(client: Client, sim: Running) -> None:
    made = client.post("/contacts", {"email": "made@by.example"}).json
    assert complaints("post", "/contacts", 200, made) == []
    path = "/contacts/{contact_id}"
    answer = client.ask("PUT", f"/contacts/{made['id']}", {"name": "Made"}).json
    assert complaints("put", path, 200, answer) == []
    known = examples(sim)
    tag, company = {"id": known["tag_id"]}, {"id": known["company_id"]}
    answer = client.post(f"/contacts/{made['id']}/tags", tag).json
    assert complaints("post", f"{path}/tags", 200, answer) == []
    answer = client.post(f"/contacts/{made['id']}/companies", company).json
    assert complaints("post", f"{path}/companies", 200, answer) == []
    answer = client.post(f"/contacts/{made['id']}/archive").json
    assert complaints("post", f"{path}/archive", 200, answer) == []
    answer = client.post(f"/contacts/{made['id']}/unarchive").json
    assert complaints("post", f"{path}/unarchive", 200, answer) == []
    answer = client.ask("DELETE", f"/contacts/{made['id']}").json
    assert complaints("delete", path, 200, answer) == []


def test_writing_tags_companies_and_attributes_conforms(client: Client, sim: Running) -> None:
    made = client.post("/contacts", {"email": "more@by.example"}).json
    bulk = {"name": "From afar", "users": [{"id": made["id"]}, {"id": "nobody"}]}
    answer = client.post("/tags", bulk)
    assert complaints("post", "/tags", 200, answer.json) == []
    taken = client.post("/tags", {"id": answer.json["id"], "name": "Bug"})
    assert complaints("post", "/tags", 400, taken.json) == []
    used = client.ask("DELETE", f"/tags/{answer.json['id']}")
    assert complaints("delete", "/tags/{tag_id}", 400, used.json) == []
    company = client.post("/companies", {"company_id": "far", "name": "Far", "plan": "Team"})
    assert complaints("post", "/companies", 200, company.json) == []
    address = f"/companies/{company.json['id']}"
    answer = client.ask("PUT", address, {"custom_attributes": {"account_tier": "A"}})
    assert complaints("put", "/companies/{company_id}", 200, answer.json) == []
    answer = client.ask("DELETE", address)
    assert complaints("delete", "/companies/{company_id}", 200, answer.json) == []
    body = {"name": "Lives", "model": "contact", "data_type": "integer", "description": "Left"}
    answer = client.post("/data_attributes", body)
    assert complaints("post", "/data_attributes", 200, answer.json) == []
    address = f"/data_attributes/{answer.json['id']}"
    answer = client.ask("PUT", address, {"archived": True})
    assert complaints("put", "/data_attributes/{data_attribute_id}", 200, answer.json) == []
    answer = client.post(f"/contacts/{made['id']}/notes", {"body": "<p>Called.</p>"})
    assert complaints("post", "/contacts/{contact_id}/notes", 200, answer.json) == []
    answer = client.post(f"/contacts/{made['id']}/block")
    assert complaints("post", "/contacts/{contact_id}/block", 200, answer.json) == []


def test_choosing_subscriptions_conforms(client: Client, sim: Running) -> None:
    one = examples(sim)["contact_id"]
    path = "/contacts/{contact_id}/subscriptions"
    body = {"id": "93", "consent_type": "opt_in"}
    answer = client.post(f"/contacts/{one}/subscriptions", body).json
    assert complaints("post", path, 200, answer) == []
    listed = client.get(f"/contacts/{one}/subscriptions").json
    assert [(kind["id"], kind["consent_type"]) for kind in listed["data"]] == [("93", "opt_in")]
    assert complaints("get", path, 200, listed) == []
    shown = client.get(f"/contacts/{one}").json["opted_in_subscription_types"]
    assert [kind["id"] for kind in shown["data"]] == ["93"]
    answer = client.ask("DELETE", f"/contacts/{one}/subscriptions/93").json
    assert complaints("delete", f"{path}/{{subscription_id}}", 200, answer) == []
    answer = client.post(f"/contacts/{one}/subscriptions", {**body, "id": "1"})
    assert complaints("post", path, 404, answer.json) == []


def test_a_visitor_becomes_a_contact_as_described(client: Client, sim: Running) -> None:
    one = visitors.visit_site(sim.workspace, name="Somebody")
    shown = client.get(f"/visitors?user_id={one.user_id}").json
    assert complaints("get", "/visitors", 200, shown) == []
    answer = client.ask("PUT", "/visitors", {"id": one.id, "name": "Vera"}).json
    assert complaints("put", "/visitors", 200, answer) == []
    body = {"type": "user", "user": {"user_id": "v1"}, "visitor": {"user_id": one.user_id}}
    made = client.post("/visitors/convert", body).json
    assert (made["name"], made["external_id"], made["role"]) == ("Vera", "v1", "user")
    assert complaints("post", "/visitors/convert", 200, made) == []
    again = visitors.visit_site(sim.workspace)
    body["visitor"] = {"id": again.id}
    assert client.post("/visitors/convert", body).json["id"] == made["id"]
    answer = client.get(f"/visitors?user_id={one.user_id}")
    assert complaints("get", "/visitors", 404, answer.json) == []


def test_answering_and_closing_conform(client: Client, sim: Running) -> None:
    known = examples(sim)
    address = f"/conversations/{known['conversation_id']}"
    path = "/conversations/{conversation_id}"
    who = {"type": "admin", "admin_id": known["admin_id"]}
    reply = {**who, "message_type": "comment", "body": "Hello"}
    answer = client.post(f"{address}/reply", reply).json
    assert complaints("post", f"{path}/reply", 200, answer) == []
    client.post(f"{address}/parts", {**who, "message_type": "open"})
    answer = client.post(f"{address}/parts", {**who, "message_type": "close"}).json
    assert complaints("post", f"{path}/parts", 200, answer) == []
    body = {"id": known["tag_id"], "admin_id": known["admin_id"]}
    answer = client.post(f"{address}/tags", body).json
    assert complaints("post", f"{path}/tags", 200, answer) == []


@pytest.mark.parametrize(
    ("method", "address", "status", "path"),
    [
        ("GET", "/contacts/none/tags", 404, "/contacts/{contact_id}/tags"),
        ("GET", "/conversations/1", 404, "/conversations/{conversation_id}"),
        ("GET", "/companies/none", 404, "/companies/{company_id}"),
        ("GET", "/admins/1", 404, "/admins/{admin_id}"),
        ("GET", "/tags/1", 404, "/tags/{tag_id}"),
        ("GET", "/segments/none", 404, "/segments/{segment_id}"),
        ("POST", "/contacts/search", 400, "/contacts/search"),
    ],
)
def test_refusals_conform(
    client: Client, method: str, address: str, status: int, path: str
) -> None:
    answer = client.ask(method, address)
    assert answer.status == status
    assert complaints(method.lower(), path, status, answer.json) == []


@pytest.mark.parametrize("path", ["/me", "/contacts", "/conversations", "/admins", "/tags"])
def test_refusing_a_wrong_token_conforms(client: Client, path: str) -> None:
    answer = Client(client.url, "wrong").get(path)
    assert answer.status == 401
    assert shape_complaints("error", answer.json) == []


def test_every_address_is_one_of_intercoms() -> None:
    known = {re.sub(r"\{\w+\}", "{}", path) for path in description()["paths"]}
    ours = {re.sub(r"\{\w+\}", "{}", one.path) for one in ROUTES}
    assert ours - known == set()


def test_a_wrong_answer_would_be_noticed() -> None:
    answer = {"type": "list", "data": [{"id": 5, "role": "user"}], "total_count": "many"}
    assert len(complaints("get", "/contacts", 200, answer)) == 2
