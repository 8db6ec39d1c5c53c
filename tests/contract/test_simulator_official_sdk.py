"""Intercom's own SDK, an independent reader of the documentation, works against the simulator.

Searches are paged by hand: the SDK's pager never ends.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from intercom import (
    CreateContactRequestWithEmail,
    CreateDataAttributeRequestOptions,
    CreateDataAttributeRequestOptionsOptionsItem,
    CreateDataEventRequestWithId,
    CreateOrUpdateCompanyRequest,
    CreateOrUpdateTagRequest,
    Intercom,
    MultipleFilterSearchRequest,
    SingleFilterSearchRequest,
    StartingAfterPaging,
)
from intercom.core.api_error import ApiError

from intercom_sim.clock import ManualClock
from intercom_sim.generator.build import Size, generate
from intercom_sim.server import Running, run_in_thread

NOW = 1_790_000_000


@pytest.fixture(scope="module")
def sim() -> Iterator[Running]:
    with run_in_thread(generate(Size(80), clock=ManualClock(NOW))) as running:
        yield running


@pytest.fixture
def sdk(sim: Running) -> Intercom:
    return Intercom(token=sim.token, base_url=sim.url)


def filtered(field: str, operator: str, value: Any) -> SingleFilterSearchRequest:
    return SingleFilterSearchRequest(field=field, operator=operator, value=value)


def every_page(search: Callable[..., Any], query: object, members: str) -> list[Any]:
    """All results, following the cursor ourselves."""
    met: list[Any] = []
    after = None
    while True:
        paging = StartingAfterPaging(per_page=30, starting_after=after)
        page = search(query=query, pagination=paging).response
        met += getattr(page, members)
        following = page.pages.next if page.pages else None
        if following is None:
            return met
        after = following.starting_after


def test_me(sdk: Intercom) -> None:
    me = sdk.admins.identify()
    assert me is not None
    assert me.app is not None
    assert (me.app.id_code, me.app.name) == ("sim00001", "Lantern Works")


def test_admins_teams_tags_segments_attributes(sdk: Intercom, sim: Running) -> None:
    workspace = sim.workspace
    assert {one.id for one in sdk.admins.list().admins or [] if one} == set(workspace.admins)
    assert {one.id for one in sdk.teams.list().teams or []} == set(workspace.teams)
    assert {one.name for one in sdk.tags.list().data} == {
        one.name for one in workspace.tags.values()
    }
    assert len(sdk.segments.list().segments) == len(workspace.segments)
    names = {one.name for one in sdk.data_attributes.list(model="contact").data}
    assert {"email", "plan", "renewal_at"} <= names


def test_contacts_are_listed_and_read(sdk: Intercom, sim: Running) -> None:
    hidden = {one.id for one in sim.workspace.contacts.values() if one.archived}
    listed = {one.id for one in sdk.contacts.list(per_page=20)}
    assert listed == set(sim.workspace.contacts) - hidden
    one = next(iter(sim.workspace.contacts.values()))
    read = sdk.contacts.find(one.id)
    assert (read.id, read.email, read.name) == (one.id, one.email, one.name)
    assert read.updated_at == one.updated_at


def test_contacts_are_searched_to_the_end(sdk: Intercom, sim: Running) -> None:
    query = MultipleFilterSearchRequest(
        operator="AND",
        value=[filtered("created_at", ">", 1), filtered("role", "=", "user")],
    )
    met = [one.id for one in every_page(sdk.contacts.search, query, "data")]
    people = sim.workspace.contacts.values()
    wanted = {one.id for one in people if one.role == "user" and not one.archived}
    assert len(met) == len(set(met))
    assert set(met) == wanted


def test_conversations_are_searched_to_the_end(sdk: Intercom, sim: Running) -> None:
    query = filtered("updated_at", ">", NOW - 60 * 86_400)
    met = [one.id for one in every_page(sdk.conversations.search, query, "conversations")]
    threads = sim.workspace.conversations.values()
    wanted = {one.id for one in threads if one.updated_at > NOW - 60 * 86_400}
    assert len(met) == len(set(met))
    assert set(met) == wanted


def test_a_conversation_is_read_with_parts_and_statistics(sdk: Intercom, sim: Running) -> None:
    one = next(
        one for one in sim.workspace.conversations.values() if len(one.parts) > 3 and one.tags
    )
    read = sdk.conversations.find(one.id)
    assert read.state == one.state
    assert read.conversation_parts is not None
    assert len(read.conversation_parts.conversation_parts) == len(one.parts)
    assert read.statistics is not None
    assert read.statistics.count_conversation_parts == len(one.parts)


def test_the_tags_and_companies_of_a_contact(sdk: Intercom, sim: Running) -> None:
    people = sim.workspace.contacts.values()
    one = next(one for one in people if one.tags and one.company_ids)
    tags = sdk.contacts.list_attached_tags(one.id).data
    assert {tag.id for tag in tags} == set(one.tags)
    companies = list(sdk.contacts.list_attached_companies(one.id))
    assert {company.id for company in companies if company} == set(one.company_ids)


def test_a_company_is_read(sdk: Intercom, sim: Running) -> None:
    one = next(iter(sim.workspace.companies.values()))
    assert sdk.companies.find(one.id).name == one.name


def test_a_contact_is_made_changed_tagged_and_archived(sdk: Intercom, sim: Running) -> None:
    made = sdk.contacts.create(
        request=CreateContactRequestWithEmail(
            email="sdk@writes.example", name="S", custom_attributes={"seats": 3}
        )
    )
    assert made.id is not None
    one = sim.workspace.contacts[made.id]
    sdk.contacts.update(made.id, name="Second", custom_attributes={"seats": None})
    assert (one.name, one.custom_attributes) == ("Second", {})
    tag = sdk.tags.create(request=CreateOrUpdateTagRequest(name="By SDK"))
    assert sdk.tags.tag_contact(made.id, tag_id=tag.id).name == "By SDK"
    assert [found.name for found in sdk.contacts.list_attached_tags(made.id).data] == ["By SDK"]
    sdk.tags.untag_contact(made.id, tag.id)
    sdk.tags.delete(tag.id)
    assert one.tags == {}
    sdk.contacts.archive(made.id)
    assert one.archived
    with pytest.raises(ApiError) as caught:
        sdk.contacts.create(request=CreateContactRequestWithEmail(email="sdk@writes.example"))
    assert caught.value.status_code == 409
    assert made.id in str(caught.value.body)


def test_companies_events_and_attributes_are_written(sdk: Intercom, sim: Running) -> None:
    workspace = sim.workspace
    one = next(one for one in workspace.contacts.values() if one.role == "user" and one.email)
    company = sdk.companies.create_or_update(
        request=CreateOrUpdateCompanyRequest(company_id="sdk-1", name="Sdk & Sons")
    )
    assert company.id is not None
    sdk.companies.attach_contact(one.id, company_id=company.id)
    assert company.id in one.company_ids
    sdk.companies.detach_contact(one.id, company.id)
    assert company.id not in one.company_ids
    sdk.events.create(request=CreateDataEventRequestWithId(id=one.id, event_name="s", created_at=9))
    first = workspace.events[one.id][0]
    assert (first.name, first.created_at) == ("s", 9)
    listed = [CreateDataAttributeRequestOptionsOptionsItem(value=one) for one in ("a", "b")]
    unnamed: dict[str, Any] = {"name": "Sdk list", "model": "contact"}
    wanted = CreateDataAttributeRequestOptions(data_type="options", options=listed, **unnamed)
    made = sdk.data_attributes.create(request=wanted)
    assert made.options == ["a", "b"]


@pytest.mark.parametrize("wrong", ["contact", "token"])
def test_errors_carry_status_and_code(sim: Running, wrong: str) -> None:
    token = "guess" if wrong == "token" else sim.token
    sdk = Intercom(token=token, base_url=sim.url)
    with pytest.raises(ApiError) as caught:
        sdk.contacts.find("nobody")
    assert caught.value.status_code == (401 if wrong == "token" else 404)
