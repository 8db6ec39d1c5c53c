"""What the API refuses to write, and in which words; what it tells of what it wrote."""

from collections.abc import Iterator
from typing import Any

import pytest

from intercom_sim.changes import Change
from intercom_sim.clock import ManualClock
from intercom_sim.generator.build import Size, generate
from intercom_sim.model import Company, Contact
from intercom_sim.server import Running, run_in_thread
from intercom_sim.webhooks.notifications import notifications
from intercom_sim.workspace import Workspace
from tests.sim.asking import Answer, Client

NOW = 1_790_000_000
LONG = "x" * 256


@pytest.fixture(scope="module")
def sim() -> Iterator[Running]:
    with run_in_thread(generate(Size(40), clock=ManualClock(NOW))) as running:
        yield running


@pytest.fixture
def client(sim: Running) -> Client:
    return Client(sim.url)


@pytest.fixture
def workspace(sim: Running) -> Workspace:
    return sim.workspace


@pytest.fixture
def told(workspace: Workspace) -> Iterator[list[str]]:
    """The topics of all notifications, as an app of today gets them."""
    topics: list[str] = []

    def listen(change: Change) -> None:
        made = notifications(change, generation="current", workspace=workspace)
        topics.extend(topic for topic, _ in made)

    workspace.subscribe(listen)
    yield topics
    workspace.unsubscribe(listen)


def user(client: Client, key: str, /, **fields: Any) -> dict[str, Any]:
    made = client.post("/contacts", {"email": f"{key}@rules.example", **fields})
    assert made.status == 200
    return dict(made.json)


def said(answer: Answer) -> str:
    return str(answer.json["errors"][0]["message"])


WRONG = [
    ({"email": "no address"}, "email"),
    ({"email": "a@b.example", "signed_up_at": NOW * 1_000}, "signed_up_at"),
    ({"email": "a@b.example", "last_seen_at": "2026-11-22T00:00:00Z"}, "last_seen_at"),
    ({"email": "a@b.example", "name": LONG}, "name"),
    ({"email": "a@b.example", "name": 5}, "name"),
    ({"email": "a@b.example", "owner_id": "1"}, "owner_id"),
    ({"email": "a@b.example", "unsubscribed_from_emails": "yes"}, "unsubscribed_from_emails"),
    ({"external_id": "a", "email_verified": True}, "email_verified"),
    ({"email": "a@b.example", "custom_attributes": {"job_title": LONG}}, "custom_attributes"),
    ({"email": "a@b.example", "custom_attributes": {"seats": "5"}}, "custom_attributes"),
    ({"email": "a@b.example", "custom_attributes": {"seats": True}}, "custom_attributes"),
    ({"email": "a@b.example", "custom_attributes": {"onboarded": 1}}, "custom_attributes"),
    ({"email": "a@b.example", "custom_attributes": {"plan": "Unheard of"}}, "custom_attributes"),
    ({"email": "a@b.example", "custom_attributes": {"renewal_at": NOW * 1_000}}, None),
    ({"email": "a@b.example", "custom_attributes": {"undeclared": 1}}, "custom_attributes"),
]


@pytest.mark.parametrize(("body", "field"), WRONG)
def test_a_value_that_intercom_cannot_hold_is_refused_by_name(
    client: Client, workspace: Workspace, body: dict[str, Any], field: str | None
) -> None:
    before = len(workspace.contacts)
    answer = client.post("/contacts", body)
    assert (answer.status, answer.code) == (400, "parameter_invalid")
    assert field is None or answer.json["errors"][0]["field"] == field
    assert len(workspace.contacts) == before


def test_creating_is_told_once_with_everything_that_was_sent(
    client: Client, told: list[str]
) -> None:
    made = user(
        client, "whole", name="W", phone="+1", last_seen_at=5, unsubscribed_from_emails=True
    )
    assert (made["name"], made["last_seen_at"], made["signed_up_at"]) == ("W", 5, None)
    assert made["unsubscribed_from_emails"] is True
    assert told == ["contact.user.created"]


def test_addresses_and_phone_numbers_are_kept_as_intercom_writes_them(client: Client) -> None:
    made = user(client, "CASE", phone="+1 (555) 0100-22")
    assert (made["email"], made["phone"]) == ("case@rules.example", "+1555010022")


@pytest.mark.parametrize("archived", [False, True])
def test_who_exists_is_409_with_the_id_also_when_archived(client: Client, archived: bool) -> None:
    known = user(client, f"twice{archived}", external_id=f"key-{archived}")
    if archived:
        client.post(f"/contacts/{known['id']}/archive")
    for same in ({"email": known["email"].upper()}, {"external_id": known["external_id"]}):
        answer = client.post("/contacts", same)
        assert (answer.status, answer.code) == (409, "conflict")
        assert said(answer).endswith(f"already exists with id={known['id']}")
        assert said(answer).startswith("An archived contact") == archived


def test_several_leads_share_an_address_and_one_becomes_the_user(
    client: Client, told: list[str]
) -> None:
    leads = [user(client, "shared", role="lead")["id"] for _ in range(2)]
    assert client.ask("PUT", f"/contacts/{leads[0]}", {"role": "user"}).json["role"] == "user"
    assert told[2:] == ["contact.lead.signed_up", "contact.user.updated"]
    assert client.ask("PUT", f"/contacts/{leads[1]}", {"role": "user"}).status == 409


def test_an_update_touches_what_was_sent_and_null_clears(client: Client) -> None:
    attributes = {"job_title": "Editor", "seats": 4}
    one = user(client, "clear", name="C", phone="+2", custom_attributes=attributes)
    body = {"phone": None, "custom_attributes": {"seats": None}, "role": None}
    after = client.ask("PUT", f"/contacts/{one['id']}", body).json
    assert (after["name"], after["phone"], after["role"]) == ("C", None, "user")
    assert after["custom_attributes"] == {"job_title": "Editor"}


def test_a_key_of_somebody_else_cannot_be_taken(client: Client) -> None:
    first, second = user(client, "mine", external_id="mine"), user(client, "other")
    for taken in ({"email": first["email"]}, {"external_id": "mine"}):
        assert client.ask("PUT", f"/contacts/{second['id']}", taken).code == "conflict"
    own = {"email": first["email"], "external_id": "mine"}
    assert client.ask("PUT", f"/contacts/{first['id']}", own).status == 200


def test_another_address_is_told_twice_a_refusal_of_mail_too(
    client: Client, told: list[str]
) -> None:
    one = user(client, "moves")["id"]
    body = {"email": "moved@rules.example", "unsubscribed_from_emails": True, "name": "M"}
    client.ask("PUT", f"/contacts/{one}", body)
    assert set(told[1:]) == {
        "contact.email.updated",
        "contact.user.updated",
        "contact.unsubscribed",
    }


def test_who_was_merged_or_blocked_is_not_restorable(client: Client, workspace: Workspace) -> None:
    kept, lead = user(client, "kept"), user(client, "kept", role="lead")
    assert client.post("/contacts/merge", {"from": lead["id"], "into": kept["id"]}).status == 200
    assert client.get(f"/contacts/{lead['id']}").code == "contact_merged"
    assert client.post(f"/contacts/{lead['id']}/unarchive").status == 400
    blocked = next(one for one in workspace.contacts.values() if one.conversation_ids)
    assert client.post(f"/contacts/{blocked.id}/block").json["blocked"] is True
    assert client.post(f"/contacts/{blocked.id}/unarchive").code == "not_restorable"
    listed = {one.id for _, _, one in workspace.conversations_by_update.rows}
    assert listed.isdisjoint(blocked.conversation_ids)


def test_names_of_tags_are_one_whatever_their_case(client: Client) -> None:
    tag, other = (client.post("/tags", {"name": name}).json for name in ("At Risk", "Other"))
    assert client.post("/tags", {"name": "AT RISK"}).json == tag
    renamed = client.post("/tags", {"id": tag["id"], "name": "at risk"}).json
    assert renamed == {"type": "tag", "id": tag["id"], "name": "at risk"}
    taken = client.post("/tags", {"id": other["id"], "name": "At risk"})
    assert (taken.status, taken.code) == (400, "parameter_invalid")
    assert client.post("/tags", {"id": "1", "name": "New"}).status == 404
    assert client.post("/tags", {"name": " "}).status == 400


def test_a_tag_is_put_on_many_at_once_and_strangers_are_named(
    client: Client, told: list[str]
) -> None:
    one, two = user(client, "bulk1")["id"], user(client, "bulk2")["id"]
    told.clear()
    people = [{"id": one}, {"id": two}, {"id": "stranger"}]
    made = client.post("/tags", {"name": "Bulk", "users": people}).json
    assert [entry["tagged"] for entry in made["users"]] == [True, True, False]
    assert told == ["contact.user.tag.created"] * 2
    off = [{"id": one, "untag": True}, {"id": one, "untag": True}]
    client.post("/tags", {"name": "bulk", "users": off})
    assert told[2:] == ["contact.user.tag.deleted"]
    assert client.ask("DELETE", f"/tags/{made['id']}").code == "tag_has_dependent_objects"
    client.post("/tags", {"name": "bulk", "users": [{"id": two, "untag": True}]})
    assert client.ask("DELETE", f"/tags/{made['id']}").status == 200
    assert client.ask("DELETE", f"/tags/{made['id']}").status == 404


def test_a_tag_that_is_there_is_not_told_again(client: Client, told: list[str]) -> None:
    one = user(client, "again")["id"]
    tag = client.post("/tags", {"name": "Again"}).json["id"]
    for _ in range(2):
        assert client.post(f"/contacts/{one}/tags", {"id": tag}).status == 200
    assert told.count("contact.user.tag.created") == 1
    assert client.ask("DELETE", f"/contacts/{one}/tags/{tag}").status == 200
    assert client.ask("DELETE", f"/contacts/{one}/tags/{tag}").code == "not_found"


def test_companies_are_tagged_by_either_id(client: Client) -> None:
    made = client.post("/companies", {"company_id": "tagged", "name": "T"}).json
    body = {"name": "Partner", "companies": [{"company_id": "tagged"}, {"id": "none"}]}
    tag = client.post("/tags", body).json
    assert [one["tagged"] for one in tag["companies"]] == [True, False]
    shown = client.get(f"/companies/{made['id']}").json["tags"]["tags"]
    assert [one["name"] for one in shown] == ["Partner"]
    off = {"name": "Partner", "companies": [{"id": made["id"], "untag": True}]}
    assert client.post("/tags", off).json["companies"][0]["tagged"] is False


@pytest.mark.parametrize(
    "wrong",
    [{}, {"company_id": ""}]
    + [
        {"company_id": "c1", **one}
        for one in (
            {"name": LONG},
            {"size": "many"},
            {"monthly_spend": 2**31},
            {"remote_created_at": NOW * 1_000},
            {"custom_attributes": {"undeclared": 1}},
        )
    ],
)
def test_impossible_companies_are_refused(client: Client, wrong: dict[str, Any]) -> None:
    assert client.post("/companies", wrong).status == 400
    assert client.get("/companies?company_id=c1").status == 404


def test_spend_loses_its_cents_and_a_key_never_changes(client: Client) -> None:
    body = {"company_id": "spend", "monthly_spend": 99.9, "update_last_request_at": True}
    made = client.post("/companies", body).json
    assert (made["monthly_spend"], made["last_request_at"]) == (99, NOW)
    after = client.ask("PUT", f"/companies/{made['id']}", {"company_id": "x", "size": 3}).json
    assert (after["company_id"], after["size"], after["monthly_spend"]) == ("spend", 3, 99)


def test_a_contact_belongs_to_a_thousand_companies_at_most(
    client: Client, workspace: Workspace, told: list[str]
) -> None:
    one = workspace.contacts[user(client, "busy")["id"]]
    company = client.post("/companies", {"company_id": "last"}).json["id"]
    fill(workspace, one, count=1_000)
    told.clear()
    answer = client.post(f"/contacts/{one.id}/companies", {"id": company})
    assert (answer.status, answer.code) == (400, "contact_company_limit_exceeded")
    assert told == []
    left = one.company_ids[0]
    assert client.ask("DELETE", f"/contacts/{one.id}/companies/{left}").status == 200
    assert client.post(f"/contacts/{one.id}/companies", {"id": company}).status == 200
    assert {"company.contact.detached", "company.contact.attached"} <= set(told)
    assert client.ask("DELETE", f"/contacts/{one.id}/companies/{left}").status == 404


def fill(workspace: Workspace, contact: Contact, *, count: int) -> None:
    for number in range(count):
        key = f"filler-{contact.id}-{number}"
        company = Company(key, key, NOW, NOW, contact_ids={contact.id: None})
        workspace.companies[key] = company
        contact.company_ids.append(key)


def event(client: Client, **fields: Any) -> Answer:
    return client.post("/events", {"event_name": "sent", "created_at": NOW - 5, **fields})


def test_events_find_users_by_any_key_and_leads_by_id_only(client: Client) -> None:
    one = user(client, "acts", external_id="acts")
    lead = user(client, "leads", role="lead")
    for who in ({"id": one["id"]}, {"user_id": "acts"}, {"email": one["email"]}):
        assert event(client, **who).status == 202
    assert event(client, id=lead["id"]).status == 202
    assert event(client, user_id=lead["external_id"]).status == 404
    assert event(client, email=lead["email"]).status == 404
    listed = client.get(f"/events?type=user&intercom_user_id={one['id']}").json["events"]
    assert [entry["event_name"] for entry in listed] == ["sent"]


def test_an_event_is_told_once_and_needs_a_time(client: Client, told: list[str]) -> None:
    one = user(client, "once")["id"]
    for _ in range(3):
        event(client, id=one)
    assert told.count("event.created") == 1
    assert event(client, id=one, created_at=None).status == 400
    assert event(client, id=one, created_at=NOW * 1_000).status == 400


@pytest.mark.parametrize("wrong", ["text", {"deep": {"deeper": 1}}, {"list": [1]}])
def test_metadata_is_flat(client: Client, wrong: Any) -> None:
    one = user(client, f"flat{str(wrong)[2:5].strip(' ')}")["id"]
    assert event(client, id=one, metadata=wrong).status == 400


def test_links_and_money_count_as_flat_and_ten_keys_are_kept(
    client: Client, workspace: Workspace
) -> None:
    one = user(client, "rich")["id"]
    rich = {"order": {"url": "https://x.example", "value": "5"}, "sum": {"amount": 5}}
    assert event(client, id=one, metadata=rich).status == 400
    rich["sum"]["currency"] = "eur"
    metadata = rich | {f"key{number}": number for number in range(12)}
    assert event(client, id=one, metadata=metadata).status == 202
    assert list(workspace.events[one][-1].metadata) == list(metadata)[:10]


def test_attributes_are_declared_then_written_then_archived(client: Client) -> None:
    body = {"name": "Health score", "model": "contact", "data_type": "integer"}
    made = client.post("/data_attributes", body).json
    assert (made["full_name"], made["custom"]) == ("custom_attributes.Health score", True)
    assert client.post("/data_attributes", body).code == "parameter_invalid"
    one = user(client, "scored", custom_attributes={"Health score": 61})
    assert one["custom_attributes"] == {"Health score": 61}
    address = f"/data_attributes/{made['id']}"
    assert client.ask("PUT", address, {"archived": True}).json["archived"] is True
    again = client.ask("PUT", f"/contacts/{one['id']}", {"custom_attributes": {"Health score": 5}})
    assert again.status == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "a.b"},
        {"name": "account/plan"},
        {"model": "conversation"},
        {"data_type": "json"},
        {"data_type": "options", "options": [{"value": "one"}]},
    ],
)
def test_impossible_attributes_are_refused(client: Client, wrong: dict[str, Any]) -> None:
    body = {"name": "Fine", "model": "contact", "data_type": "string", **wrong}
    assert client.post("/data_attributes", body).code == "parameter_invalid"


def test_a_list_knows_its_options_and_a_segments_attribute_stays(
    client: Client, workspace: Workspace
) -> None:
    options = [{"value": "red"}, {"value": "green"}]
    body = {"name": "Light", "model": "contact", "data_type": "options", "options": options}
    made = client.post("/data_attributes", body).json
    assert (made["data_type"], made["options"]) == ("string", ["red", "green"])
    wrong = client.ask("PUT", f"/data_attributes/{made['id']}", {"options": [{"value": "red"}]})
    assert wrong.status == 400
    plan = next(one for one in workspace.attributes if one.name == "plan")
    answer = client.ask("PUT", f"/data_attributes/{plan.id}", {"archived": True})
    assert (answer.status, answer.code) == (422, "data_invalid")
    assert client.ask("PUT", "/data_attributes/0", {}).code == "field_not_found"


def test_a_workspace_declares_250_attributes_at_most(client: Client, workspace: Workspace) -> None:
    known = sum(one.custom and not one.archived for one in workspace.attributes)
    before = list(workspace.attributes)
    for number in range(250 - known):
        body = {"name": f"n{number}", "model": "company", "data_type": "float"}
        assert client.post("/data_attributes", body).status == 200
    body = {"name": "one more", "model": "company", "data_type": "float"}
    assert client.post("/data_attributes", body).status == 400
    workspace.attributes[:] = before


def test_every_write_costs_one_of_the_budget(client: Client) -> None:
    one = user(client, "costs")["id"]
    left = [
        int(client.post(f"/contacts/{one}/{what}").headers["X-RateLimit-Remaining"])
        for what in ("archive", "unarchive")
    ]
    assert left[0] - left[1] == 1
