"""A day at support in one press: a complaint, a cleared desk, and the two accounts with a story."""

import pytest

from intercom_sim.actions import scenes
from intercom_sim.actions.errors import ActionError
from intercom_sim.generator.stories import RECOVERING, WORSENING
from intercom_sim.model import Contact
from intercom_sim.workspace import Workspace
from tests.sim.asking import Client


def person(workspace: Workspace, name: str) -> Contact:
    return next(one for one in workspace.contacts.values() if one.name == name)


def open_count(workspace: Workspace, contact: Contact) -> int:
    known = (workspace.conversations[one] for one in contact.conversation_ids)
    return sum(one.state == "open" for one in known)


@pytest.fixture
def tunde(workspace: Workspace) -> Contact:
    """Recovering: nothing is open."""
    return person(workspace, RECOVERING.person)


@pytest.fixture
def mara(workspace: Workspace) -> Contact:
    """Getting worse: three tickets are open."""
    return person(workspace, WORSENING.person)


def test_a_complaint_reopens_the_ticket_closed_last(workspace: Workspace, tunde: Contact) -> None:
    closed = max(
        (workspace.conversations[one] for one in tunde.conversation_ids),
        key=lambda one: one.updated_at,
    )

    assert scenes.complain(workspace, tunde.id) is closed
    assert closed.state == "open"
    assert open_count(workspace, tunde) == 1


def test_who_has_no_closed_ticket_begins_a_new_one(workspace: Workspace, tunde: Contact) -> None:
    for _ in range(len(tunde.conversation_ids)):
        scenes.complain(workspace, tunde.id)
    before = len(tunde.conversation_ids)

    scenes.complain(workspace, tunde.id)

    assert len(tunde.conversation_ids) == before + 1


def test_a_cleared_desk_leaves_nothing_open(workspace: Workspace, mara: Contact) -> None:
    assert open_count(workspace, mara) == 3

    scenes.clear_desk(workspace, mara.id)

    assert open_count(workspace, mara) == 0


def test_an_empty_desk_cannot_be_cleared(workspace: Workspace, tunde: Contact) -> None:
    with pytest.raises(ActionError, match="nothing of theirs is open"):
        scenes.clear_desk(workspace, tunde.id)


def test_the_first_page_tells_both_stories_with_their_buttons(
    client: Client, workspace: Workspace, mara: Contact
) -> None:
    text = client.get("/").raw.decode()

    assert "Getting worse" in text
    assert "Recovering" in text
    assert f'name="contact_id" value="{mara.id}"' in text


def test_a_story_ends_when_its_person_is_archived(
    client: Client, workspace: Workspace, mara: Contact
) -> None:
    mara.archived = True

    text = client.get("/").raw.decode()

    assert "Getting worse" not in text
    assert "Recovering" in text
