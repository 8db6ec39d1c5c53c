"""Reading single things and their lists: what is shown, what is hidden, what is refused."""

from intercom_sim.actions import companies, contacts, conversations, inbox
from intercom_sim.clock import ManualClock
from intercom_sim.model import Company, Contact
from intercom_sim.workspace import Workspace
from tests.sim.asking import Client


def a_user(workspace: Workspace, number: int = 0) -> Contact:
    users = (one for one in workspace.contacts.values() if one.role == "user" and not one.archived)
    return list(users)[number]


def a_lead(workspace: Workspace) -> Contact:
    return next(one for one in workspace.contacts.values() if one.role == "lead")


def test_me_names_the_workspace(client: Client, workspace: Workspace) -> None:
    app = client.get("/me").json["app"]
    assert app["id_code"] == workspace.identity.app_id
    assert (app["region"], app["timezone"]) == ("US", "America/New_York")


def test_an_unknown_contact_is_404(client: Client) -> None:
    answer = client.get("/contacts/nobody")
    assert (answer.status, answer.code) == (404, "not_found")


def test_an_archived_contact_is_hidden_but_readable(client: Client, workspace: Workspace) -> None:
    one = a_user(workspace)
    contacts.archive(workspace, one.id)
    listed = client.get("/contacts?per_page=150").json["data"]
    assert one.id not in {item["id"] for item in listed}
    assert client.get(f"/contacts/{one.id}").status == 200


def test_a_merged_contact_is_410_with_the_way_to_the_other(
    client: Client, workspace: Workspace
) -> None:
    lead, user = a_lead(workspace), a_user(workspace)
    contacts.merge(workspace, lead.id, into=user.id)
    answer = client.get(f"/contacts/{lead.id}")
    assert (answer.status, answer.code) == (410, "contact_merged")
    assert answer.headers["Link"] == f'</contacts/{user.id}>; rel="canonical"'


def test_lists_within_a_contact_stop_at_ten(client: Client, workspace: Workspace) -> None:
    one = next(one for one in workspace.contacts.values() if len(one.tags) > 10)
    tags = client.get(f"/contacts/{one.id}").json["tags"]
    assert (len(tags["data"]), tags["has_more"]) == (10, True)
    assert tags["total_count"] == len(one.tags)
    assert all(set(item) == {"id", "type", "url"} for item in tags["data"])
    named = client.get(f"/contacts/{one.id}/tags").json["data"]
    assert [item["id"] for item in named] == list(one.tags)
    assert all(item["name"] for item in named)


def test_users_are_found_by_their_own_id(client: Client, workspace: Workspace) -> None:
    one = a_user(workspace)
    assert client.get(f"/contacts/find_by_external_id/{one.external_id}").json["id"] == one.id
    lead = a_lead(workspace)
    assert client.get(f"/contacts/find_by_external_id/{lead.external_id}").status == 404


def test_a_conversation_has_its_parts_only_when_read_alone(
    client: Client, workspace: Workspace
) -> None:
    one = next(one for one in workspace.conversations.values() if len(one.parts) > 2)
    alone = client.get(f"/conversations/{one.id}").json
    assert len(alone["conversation_parts"]["conversation_parts"]) == len(one.parts)
    listed = client.get("/conversations?per_page=150").json["conversations"]
    assert all("conversation_parts" not in item for item in listed)


def test_only_the_newest_500_parts_are_shown(client: Client, workspace: Workspace) -> None:
    one = next(iter(workspace.conversations.values()))
    for number in range(505):
        conversations.add_note(workspace, one.id, body=f"note {number}")
    parts = client.get(f"/conversations/{one.id}").json["conversation_parts"]
    assert parts["total_count"] == 500
    assert "note 504" in parts["conversation_parts"][-1]["body"]


def test_bodies_are_html_unless_plain_text_is_asked(client: Client, workspace: Workspace) -> None:
    one = next(iter(workspace.conversations))
    html = client.get(f"/conversations/{one}").json["source"]["body"]
    plain = client.get(f"/conversations/{one}?display_as=plaintext").json["source"]["body"]
    assert html.startswith("<p>")
    assert "<" not in plain


def test_unassigned_is_zero(client: Client, workspace: Workspace) -> None:
    one = next(one for one in workspace.conversations.values() if one.admin_assignee_id is None)
    assert client.get(f"/conversations/{one.id}").json["admin_assignee_id"] == 0


def test_a_snoozed_conversation_counts_as_open(client: Client, workspace: Workspace) -> None:
    one = next(one for one in workspace.conversations.values() if one.state == "open")
    inbox.snooze(workspace, one.id, until=workspace.now + 60)
    shown = client.get(f"/conversations/{one.id}").json
    assert (shown["state"], shown["open"]) == ("snoozed", True)


def test_deleted_conversations_leave_an_entry(client: Client, workspace: Workspace) -> None:
    first, second = list(workspace.conversations)[:2]
    inbox.delete_conversation(workspace, first)
    inbox.delete_conversation(workspace, second, retain_metrics=False)
    assert client.get(f"/conversations/{first}").code == "conversation_not_found"
    answer = client.get("/conversations/deleted?per_page=1").json
    assert answer["total_count"] == 2
    assert "page=2" in answer["pages"]["next"]
    assert client.get("/conversations/deleted?per_page=61").status == 400


def test_companies_without_people_are_only_in_the_scroll(
    client: Client, workspace: Workspace
) -> None:
    empty = {one.id for one in workspace.companies.values() if not one.contact_ids}
    listed = client.post("/companies/list?per_page=60").json["data"]
    scrolled = client.get("/companies/scroll").json["data"]
    assert empty
    assert not empty & {one["id"] for one in listed}
    assert {one["id"] for one in scrolled} == set(workspace.companies)


def test_only_one_scroll_at_a_time_and_it_dies_idle(client: Client, clock: ManualClock) -> None:
    token = client.get("/companies/scroll").json["scroll_param"]
    assert client.get("/companies/scroll").code == "scroll_exists"
    clock.advance(59)
    assert client.get(f"/companies/scroll?scroll_param={token}").json["data"] == []
    assert client.get(f"/companies/scroll?scroll_param={token}").status == 404
    other = client.get("/companies/scroll").json["scroll_param"]
    clock.advance(61)
    assert client.get(f"/companies/scroll?scroll_param={other}").status == 404
    assert client.get("/companies/scroll").status == 200


def test_beyond_ten_thousand_companies_only_the_scroll_helps(
    client: Client, workspace: Workspace
) -> None:
    person = a_user(workspace)
    for number in range(10_001):
        one = Company(f"c{number}", f"key{number}", 1, 1, contact_ids={person.id: None})
        workspace.companies[one.id] = one
    answer = client.post("/companies/list")
    assert answer.status == 400
    assert "scroll" in answer.json["errors"][0]["message"]
    assert len(client.get("/companies/scroll").json["data"]) == 100


def test_a_company_is_found_by_its_own_key_and_shows_its_people(
    client: Client, workspace: Workspace
) -> None:
    one: Company = next(one for one in workspace.companies.values() if one.contact_ids)
    assert client.get(f"/companies?company_id={one.company_id}").json["id"] == one.id
    people = client.get(f"/companies/{one.id}/contacts").json
    assert {item["id"] for item in people["data"]} <= set(one.contact_ids)
    companies.delete_company(workspace, one.id)
    assert client.get(f"/companies/{one.id}").code == "company_not_found"


def test_conversation_attributes_moved_elsewhere(client: Client) -> None:
    assert client.get("/data_attributes?model=conversation").status == 422


def test_segments_can_be_counted(client: Client) -> None:
    segments = client.get("/segments?include_count=true").json["segments"]
    assert any(one["count"] > 0 for one in segments)
    assert "count" not in client.get("/segments").json["segments"][0]


def test_changes_show_at_once_everywhere(client: Client, workspace: Workspace) -> None:
    person = next(one for one in workspace.contacts.values() if one.conversation_ids and one.email)
    contacts.update_contact(workspace, person.id, fields={"name": "Renamed"})
    thread = client.get(f"/conversations/{person.conversation_ids[0]}").json
    assert client.get(f"/contacts/{person.id}").json["name"] == "Renamed"
    if thread["source"]["author"]["id"] == person.id:
        assert thread["source"]["author"]["name"] == "Renamed"
