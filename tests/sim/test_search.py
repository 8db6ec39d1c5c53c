"""Searching: whole days for contacts, seconds for conversations, and Intercom's refusals."""

import json
from datetime import datetime
from typing import Any

import pytest

from intercom_sim.actions import contacts
from intercom_sim.model import Contact
from intercom_sim.rest.call import Call
from intercom_sim.rest.contacts import search_contacts
from intercom_sim.rest.conversations import search_conversations
from intercom_sim.rest.errors import ApiError
from intercom_sim.rest.site import Site
from intercom_sim.workspace import Workspace
from tests.sim.conftest import NOW

DAY = 86_400
Json = dict[str, Any]


def where(field: str, operator: str, value: object) -> Json:
    return {"field": field, "operator": operator, "value": value}


def both(*members: Json) -> Json:
    return {"operator": "AND", "value": list(members)}


def either(*members: Json) -> Json:
    return {"operator": "OR", "value": list(members)}


def ask(workspace: Workspace, query: object, *, threads: bool = False, **rest: object) -> Json:
    body = {"query": query, "pagination": {"per_page": 150}, **rest}
    handler = search_conversations if threads else search_contacts
    answer: Json = json.loads(handler(Site(workspace), Call("POST", "/", {}, {}, body)).body)
    return answer


def ids(answer: Json) -> set[str]:
    return {one["id"] for one in answer.get("data", answer.get("conversations"))}


def refusal(workspace: Workspace, query: object, **rest: Any) -> ApiError:
    with pytest.raises(ApiError) as caught:
        ask(workspace, query, **rest)
    return caught.value


def contact_at(workspace: Workspace, text: str) -> Contact:
    """A contact last updated at a local time of the workspace."""
    at = int(datetime.fromisoformat(text).replace(tzinfo=workspace.zone).timestamp())
    contact = Contact(workspace.ids.hex24(), "user", at, at, email=f"at{at}@days.example")
    workspace.add_contact(contact)
    return contact


def second_of(workspace: Workspace, text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=workspace.zone).timestamp())


@pytest.mark.parametrize(
    ("operator", "found"),
    [("=", {"first", "last"}), (">", {"after"}), ("<", {"before"})],
)
def test_contact_dates_are_cut_to_days_of_the_workspace(
    bare: Workspace, operator: str, found: set[str]
) -> None:
    made = {
        "before": contact_at(bare, "2026-03-09T23:59:59"),
        "first": contact_at(bare, "2026-03-10T00:00:00"),
        "last": contact_at(bare, "2026-03-10T23:59:59"),
        "after": contact_at(bare, "2026-03-11T00:00:00"),
    }
    noon = second_of(bare, "2026-03-10T12:00:00")
    answer = ask(bare, where("updated_at", operator, noon))
    assert ids(answer) == {made[name].id for name in found}


def test_a_day_of_the_clock_change_is_still_one_day(bare: Workspace) -> None:
    late = contact_at(bare, "2026-11-01T23:30:00")
    answer = ask(bare, where("updated_at", "=", second_of(bare, "2026-11-01T00:10:00")))
    assert ids(answer) == {late.id}


def test_the_incremental_recipe_finds_the_whole_day_and_later(bare: Workspace) -> None:
    contact_at(bare, "2026-03-09T10:00:00")
    wanted = {contact_at(bare, f"2026-03-{day}T10:00:00").id for day in (10, 11, 12)}
    day = second_of(bare, "2026-03-10T18:00:00")
    query = either(where("updated_at", ">", day), where("updated_at", "=", day))
    answer = ask(bare, query, sort={"field": "updated_at", "order": "ascending"})
    assert ids(answer) == wanted
    assert answer["total_count"] == 3


@pytest.mark.parametrize("operator", [">=", "<=", "!=", "IN", "NIN"])
def test_contact_dates_refuse_other_operators(workspace: Workspace, operator: str) -> None:
    value: object = [NOW] if operator.endswith("IN") else NOW
    error = refusal(workspace, where("updated_at", operator, value))
    assert (error.status, error.code) == (400, "parameter_invalid")


@pytest.mark.parametrize("value", [NOW * 1000, "2026-03-10", True, None, 1.5])
def test_dates_are_seconds_and_nothing_else(workspace: Workspace, value: object) -> None:
    assert refusal(workspace, where("updated_at", ">", value)).status == 400
    assert refusal(workspace, where("updated_at", ">", value), threads=True).status == 400


def test_archived_and_merged_people_are_not_found(workspace: Workspace) -> None:
    lead = next(one for one in workspace.contacts.values() if one.role == "lead")
    user, other = [
        one for one in workspace.contacts.values() if one.role == "user" and not one.archived
    ][:2]
    contacts.merge(workspace, lead.id, into=user.id)
    contacts.archive(workspace, other.id)
    found = ids(ask(workspace, where("created_at", ">", 0)))
    assert user.id in found
    assert not {lead.id, other.id} & found


@pytest.mark.parametrize(
    ("operator", "shift", "found"),
    [
        ("=", 0, True),
        (">", 0, False),
        (">", -1, True),
        ("<", 0, False),
        ("<", 1, True),
        (">=", 0, True),
        ("<=", 0, True),
        ("!=", 0, False),
    ],
)
def test_conversation_times_count_to_the_second(
    workspace: Workspace, operator: str, shift: int, found: bool
) -> None:
    one = next(iter(workspace.conversations.values()))
    query = both(where("id", "=", one.id), where("updated_at", operator, one.updated_at + shift))
    assert (one.id in ids(ask(workspace, query, threads=True))) is found


def test_index_and_predicate_agree(workspace: Workspace) -> None:
    low, high = NOW - 40 * DAY, NOW - 5 * DAY
    window = both(where("updated_at", ">", low), where("updated_at", "<", high))
    wanted = {one.id for one in workspace.conversations.values() if low < one.updated_at < high}
    assert ids(ask(workspace, window, threads=True)) == wanted
    sort = {"field": "created_at", "order": "ascending"}
    assert ids(ask(workspace, window, threads=True, sort=sort)) == wanted


def test_filters_of_many_kinds(workspace: Workspace) -> None:
    for field, operator, value, test in (
        ("state", "=", "open", lambda one: one.state == "open"),
        ("state", "IN", ["open", "snoozed"], lambda one: one.state != "closed"),
        ("open", "=", True, lambda one: one.state != "closed"),
        ("source.type", "!=", "email", lambda one: one.source.kind != "email"),
        ("source.subject", "~", "export", lambda one: "export" in one.source.subject.lower()),
        ("contact_ids", "=", "nobody", lambda one: False),
        ("admin_assignee_id", "=", 0, lambda one: one.admin_assignee_id is None),
    ):
        wanted = {one.id for one in workspace.conversations.values() if test(one)}
        assert ids(ask(workspace, where(field, operator, value), threads=True)) == wanted, field


def test_contacts_are_found_by_tag_role_address_and_attribute(workspace: Workspace) -> None:
    person = next(one for one in workspace.contacts.values() if one.tags and one.email)
    tag = next(iter(person.tags))
    assert person.id in ids(ask(workspace, where("tag_id", "=", tag)))
    assert ids(ask(workspace, where("email", "=", person.email.upper()))) >= {person.id}
    query = where("custom_attributes.job_title", "=", person.custom_attributes["job_title"])
    assert person.id in ids(ask(workspace, query))
    leads = {one.id for one in workspace.contacts.values() if one.role == "lead"}
    assert ids(ask(workspace, where("role", "=", "lead"))) <= leads


def test_results_can_be_sorted_by_any_field(workspace: Workspace) -> None:
    query = where("created_at", ">", 0)
    for order in ("ascending", "descending"):
        data = ask(workspace, query, sort={"field": "last_seen_at", "order": order})["data"]
        seen = [one["last_seen_at"] or -1 for one in data]
        assert seen == sorted(seen, reverse=order == "descending")


@pytest.mark.parametrize(
    "query",
    [
        {},
        "updated_at > 5",
        {"field": "updated_at", "operator": ">"},
        where("updated_at", "~~", 1),
        where("shoe_size", "=", 1),
        where("role", ">", "user"),
        where("tag_id", "IN", ["1"]),
        where("role", "IN", "user"),
        {"operator": "AND", "value": []},
        {"operator": "AND", "value": [where("role", "=", "user")] * 16},
        both(either(both(where("role", "=", "user")))),
    ],
)
def test_bad_queries_are_400(workspace: Workspace, query: object) -> None:
    assert refusal(workspace, query).status == 400


def test_fifteen_filters_in_two_levels_are_fine(workspace: Workspace) -> None:
    many = either(*[where("role", "=", "user")] * 15)
    assert ask(workspace, both(many, many))["total_count"] > 0


def test_a_wrong_order_has_its_own_code(workspace: Workspace) -> None:
    sort = {"field": "updated_at", "order": "asc"}
    error = refusal(workspace, where("role", "=", "user"), sort=sort)
    assert error.code == "invalid_sort_order"


@pytest.mark.parametrize("per_page", [0, -1, 151, "many"])
def test_a_page_has_1_to_150_items(workspace: Workspace, per_page: object) -> None:
    error = refusal(workspace, where("role", "=", "user"), pagination={"per_page": per_page})
    assert error.status == 400
