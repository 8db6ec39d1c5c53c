"""Visitors of the customer's site: they come, and become leads or users."""

from intercom_sim.actions.contacts import create_contact
from intercom_sim.actions.errors import ActionError
from intercom_sim.changes import Change
from intercom_sim.model import Contact, Role, Visitor
from intercom_sim.workspace import Workspace


def visit_site(workspace: Workspace, *, name: str | None = None) -> Visitor:
    """Somebody opens the Messenger without having said who they are."""
    with workspace.lock:
        now = workspace.now
        made = Visitor(workspace.ids.hex24(), workspace.ids.uuid(), now, now, name=name)
        workspace.visitors[made.id] = made
        return made


def find_visitor(workspace: Workspace, *, key: str) -> Visitor:
    """By Intercom's id or the id that Intercom gave in place of yours."""
    for one in workspace.visitors.values():
        if key in (one.id, one.user_id):
            return one
    raise ActionError("Visitor Not Found", reason="unknown")


def convert_visitor(
    workspace: Workspace,
    *,
    key: str,
    role: Role,
    email: str | None = None,
    external_id: str | None = None,
    into: str | None = None,
) -> Contact:
    """The visitor is gone; a known contact (`into`) takes over, or a new one is made."""
    with workspace.lock:
        visitor = find_visitor(workspace, key=key)
        if into is None:
            contact = create_contact(
                workspace,
                role=role,
                email=email or visitor.email,
                name=visitor.name,
                external_id=external_id,
                custom_attributes=visitor.custom_attributes,
            )
        else:
            contact = workspace.contacts[into]
            contact.last_seen_at = workspace.now
            workspace.touch_contact(contact, at=workspace.now)
        del workspace.visitors[visitor.id]
        now = workspace.clock.time()
        workspace.announce(Change("visitor_signed_up", now, contact=contact))
        return contact
