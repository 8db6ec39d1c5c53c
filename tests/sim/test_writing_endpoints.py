"""Changing the workspace through the API, as another app would."""

import pytest

from intercom_sim.model import Contact
from intercom_sim.workspace import Workspace
from tests.sim.asking import Client


@pytest.fixture
def user(workspace: Workspace) -> Contact:
    people = workspace.contacts.values()
    return next(one for one in people if one.role == "user" and one.email and not one.archived)


@pytest.fixture
def lead(workspace: Workspace) -> Contact:
    return next(one for one in workspace.contacts.values() if one.role == "lead")


def test_creating_shows_the_contact(client: Client, workspace: Workspace) -> None:
    body = {"email": "n@new.example", "name": "N", "custom_attributes": {"plan": "Team"}}
    made = client.post("/contacts", body).json
    assert (made["email"], made["role"]) == ("n@new.example", "user")
    assert workspace.contacts[made["id"]].custom_attributes == {"plan": "Team"}


def test_creating_twice_is_409_naming_the_first(client: Client, user: Contact) -> None:
    answer = client.post("/contacts", {"email": user.email})
    assert (answer.status, answer.code) == (409, "conflict")
    assert answer.json["errors"][0]["message"].endswith(f"already exists with id={user.id}")


@pytest.mark.parametrize(
    "body", [{}, {"name": "No key"}, {"role": "boss"}, {"role": "user", "signed_up_at": 10**12}]
)
def test_impossible_contacts_are_400(client: Client, body: object) -> None:
    assert client.post("/contacts", body).status == 400


def test_undeclared_attributes_are_refused(client: Client, user: Contact) -> None:
    answer = client.ask("PUT", f"/contacts/{user.id}", {"custom_attributes": {"nope": 1}})
    assert answer.status == 400
    assert "nope" in answer.json["errors"][0]["message"]


def test_updates_touch_what_was_sent(client: Client, user: Contact) -> None:
    email = user.email
    answer = client.ask("PUT", f"/contacts/{user.id}", {"name": "Other"})
    assert answer.json["name"] == "Other"
    assert answer.json["email"] == email


def test_a_user_never_becomes_a_lead_again(client: Client, user: Contact, lead: Contact) -> None:
    assert client.ask("PUT", f"/contacts/{user.id}", {"role": "lead"}).code == "client_error"
    body = {"role": "user", "email": "signed@up.example", "external_id": "s1"}
    assert client.ask("PUT", f"/contacts/{lead.id}", body).json["role"] == "user"


def test_strangers_merge_only_when_the_check_is_waived(
    client: Client, user: Contact, lead: Contact
) -> None:
    pair = {"from": lead.id, "into": user.id}
    assert client.post("/contacts/merge", pair).code == "invalid_merge"
    waived = {**pair, "skip_duplicate_validation": True}
    assert client.post("/contacts/merge", waived).json["id"] == user.id


def test_archive_unarchive_delete(client: Client, user: Contact) -> None:
    path = f"/contacts/{user.id}"
    assert client.post(f"{path}/archive").json["archived"] is True
    assert client.post(f"{path}/unarchive").json["archived"] is False
    assert client.ask("DELETE", path).json["deleted"] is True
    assert client.get(path).status == 404


def test_tags_come_and_go(client: Client, user: Contact) -> None:
    tag = client.post("/tags", {"name": "Brand new"}).json["id"]
    assert client.post(f"/contacts/{user.id}/tags", {"id": tag}).json["name"] == "Brand new"
    assert client.ask("DELETE", f"/tags/{tag}").code == "tag_has_dependent_objects"
    assert client.ask("DELETE", f"/contacts/{user.id}/tags/{tag}").status == 200
    assert client.ask("DELETE", f"/tags/{tag}").status == 200


def test_companies_are_saved_by_their_own_key_and_joined_by_intercoms(
    client: Client, user: Contact
) -> None:
    made = client.post("/companies", {"company_id": "k1", "name": "Kay", "plan": "Team"}).json
    again = client.post("/companies", {"company_id": "k1", "name": "Kay & Co"}).json
    assert (again["id"], again["name"]) == (made["id"], "Kay & Co")
    assert client.post(f"/contacts/{user.id}/companies", {"id": "k1"}).status == 404
    assert client.post(f"/contacts/{user.id}/companies", {"id": made["id"]}).status == 200
    gone = client.ask("DELETE", f"/companies/{made['id']}").json
    assert gone == {"id": made["id"], "object": "company", "deleted": True}


def test_conversations_are_answered_closed_and_opened(client: Client, workspace: Workspace) -> None:
    one = next(one for one in workspace.conversations.values() if one.state == "open")
    admin = next(iter(workspace.admins))
    who = {"type": "admin", "admin_id": admin}
    path = f"/conversations/{one.id}"
    reply = {**who, "message_type": "comment", "body": "Hello"}
    assert client.post(f"{path}/reply", reply).status == 200
    assert client.post(f"{path}/parts", {**who, "message_type": "close"}).json["state"] == "closed"
    assert client.post(f"{path}/parts", {**who, "message_type": "close"}).status == 409
    assert client.post(f"{path}/parts", {**who, "message_type": "open"}).json["state"] == "open"
    assert client.post(f"{path}/parts", {**who, "message_type": "shout"}).status == 400


def test_events_are_accepted_without_a_body(client: Client, user: Contact) -> None:
    event = {"event_name": "tested", "id": user.id, "created_at": 1_789_000_000}
    answer = client.post("/events", event)
    assert (answer.status, answer.raw) == (202, b"")
    client.post("/events", event)
    listed = client.get(f"/events?type=user&intercom_user_id={user.id}").json["events"]
    assert [one["event_name"] for one in listed].count("tested") == 1
    summary = client.get(f"/events?type=user&intercom_user_id={user.id}&summary=true").json
    assert summary["type"] == "event.summary"
    assert client.post("/events", {**event, "id": None, "email": "no@one.example"}).status == 404
