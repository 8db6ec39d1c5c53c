"""What all actions in conversations end with: the update, and the word to whoever listens."""

from typing import TypedDict

from intercom_sim.actions.lookup import find_admin
from intercom_sim.changes import Change, Kind
from intercom_sim.model import Contact, Conversation, Part
from intercom_sim.workspace import Workspace


class Step(TypedDict):
    part_id: int
    author: str
    at: int


def as_admin(workspace: Workspace, admin_id: str | None) -> Step:
    """What every step of a teammate is made with."""
    author = f"admin:{find_admin(workspace, admin_id).id}"
    return {"part_id": workspace.ids.part(), "author": author, "at": workspace.now}


def told(workspace: Workspace, kind: Kind, conversation: Conversation, part: Part) -> Part:
    tell(workspace, kind, conversation, parts=(part,))
    return part


def tell(
    workspace: Workspace,
    kind: Kind,
    conversation: Conversation,
    *,
    parts: tuple[Part, ...] = (),
    contact: Contact | None = None,
    tag_id: str | None = None,
) -> None:
    workspace.touch_conversation(conversation, at=workspace.now)
    now = workspace.clock.time()
    tag = None if tag_id is None else workspace.tags[tag_id]
    change = Change(kind, now, conversation=conversation, parts=parts, contact=contact, tag=tag)
    workspace.announce(change)
