"""The generator: deterministic, coherent, and with everything strange that reality has."""

import pytest

from intercom_sim.clock import ManualClock
from intercom_sim.generator.build import Size, generate
from intercom_sim.shapes.contact import contact_json
from intercom_sim.shapes.conversation import full_conversation_json
from intercom_sim.workspace import Workspace
from tests.sim.conftest import NOW
from tests.sim.health import score

DAY = 86_400


def everything(workspace: Workspace) -> list[object]:
    people = [contact_json(one, workspace_id="w") for one in workspace.contacts.values()]
    threads = workspace.conversations.values()
    return [people, [full_conversation_json(one, workspace=workspace) for one in threads]]


def test_the_same_seed_gives_the_same_workspace() -> None:
    first, second = (generate(Size(40), seed=3, clock=ManualClock(NOW)) for _ in range(2))
    assert everything(first) == everything(second)


def test_another_seed_gives_another_workspace() -> None:
    first, second = (generate(Size(40), seed=one, clock=ManualClock(NOW)) for one in (3, 4))
    assert everything(first) != everything(second)


@pytest.mark.parametrize(("contacts", "conversations"), [(0, None), (1, 0), (5, 20), (50, 10)])
def test_sizes_are_met_exactly(contacts: int, conversations: int | None) -> None:
    made = generate(Size(contacts, conversations), clock=ManualClock(NOW))
    wanted = 2 * contacts if conversations is None else conversations
    assert (len(made.contacts), len(made.conversations)) == (contacts, wanted)


def test_nothing_lies_in_the_future_and_histories_run_forwards(town: Workspace) -> None:
    for one in town.conversations.values():
        times = [one.created_at, *(part.created_at for part in one.parts)]
        assert times == sorted(times)
        assert one.updated_at == times[-1] or one.rating is not None
        assert one.updated_at <= NOW


def test_people_exist_before_they_write(town: Workspace) -> None:
    for one in town.conversations.values():
        assert town.contacts[one.contact_ids[0]].created_at < one.created_at


def test_updated_at_is_not_before_the_last_reply(town: Workspace) -> None:
    people = town.contacts.values()
    assert all(one.updated_at >= (one.last_replied_at or 0) for one in people)


def test_all_risk_levels_appear_in_natural_shares(town: Workspace) -> None:
    people = [one for one in town.contacts.values() if one.email and not one.archived]
    scores = [score(one, town) for one in people]
    known = [one for one in scores if one is not None]
    healthy = sum(one >= 70 for one in known) / len(known)
    critical = sum(one < 40 for one in known) / len(known)
    unscored = 1 - len(known) / len(scores)
    assert 0.65 <= healthy <= 0.75
    assert 0.15 <= 1 - healthy - critical <= 0.25
    assert 0.05 <= critical <= 0.12
    assert 0.06 <= unscored <= 0.13


def test_one_story_gets_worse_and_one_recovers(town: Workspace) -> None:
    by_name = {one.name: one for one in town.contacts.values()}
    worse, better = score(by_name["Mara Lindqvist"], town), score(by_name["Tunde Okafor"], town)
    assert worse is not None
    assert better is not None
    assert worse < 40
    assert better >= 70


def test_about_four_in_a_hundred_are_leads_without_an_address(town: Workspace) -> None:
    nameless = [one for one in town.contacts.values() if one.email is None]
    assert all(one.role == "lead" for one in nameless)
    assert 0.03 <= len(nameless) / len(town.contacts) <= 0.05


def test_leads_share_addresses_and_users_do_not(town: Workspace) -> None:
    users = [one.email for one in town.contacts.values() if one.role == "user" and one.email]
    leads = [one.email for one in town.contacts.values() if one.role == "lead" and one.email]
    assert len(users) == len(set(users))
    assert set(users) & set(leads)


def test_the_strange_is_there(town: Workspace) -> None:
    people, threads = list(town.contacts.values()), list(town.conversations.values())
    assert any(len(one.tags) > 10 for one in people)
    assert any(len(one.company_ids) > 1 for one in people)
    assert any(one.archived for one in people)
    assert any("<script>" in (one.name or "") for one in people)
    assert any("محمد" in (one.name or "") for one in people)
    assert any(not one.contact_ids for one in town.companies.values())
    assert any(len(one.contact_ids) > 1 for one in threads)
    assert any(one.ticket for one in threads)
    assert any(one.rating for one in threads)
    assert any(one.updated_at < NOW - 90 * DAY for one in threads)
    assert {one.state for one in threads} == {"open", "closed", "snoozed"}
    assert any("<script>" in one.source.subject for one in threads)


def test_some_conversations_are_with_nameless_leads_only(town: Workspace) -> None:
    emails = [
        [town.contacts[one].email for one in thread.contact_ids]
        for thread in town.conversations.values()
    ]
    assert any(not any(one) for one in emails)


def test_every_kind_of_custom_attribute_appears(town: Workspace) -> None:
    kinds = {type(v) for one in town.contacts.values() for v in one.custom_attributes.values()}
    assert {str, int, float, bool} <= kinds
