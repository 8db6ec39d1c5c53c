"""Finding what an action is about, or saying what is missing."""

from intercom_sim.actions.errors import ActionError
from intercom_sim.model import Admin, Company, Contact, Conversation, Tag
from intercom_sim.workspace import Workspace


def find_contact(workspace: Workspace, contact_id: str) -> Contact:
    """A living contact; archived ones are."""
    found = workspace.contacts.get(contact_id)
    if found is None or found.merged_into is not None:
        raise ActionError(f"there is no contact {contact_id}", reason="unknown")
    return found


def find_conversation(workspace: Workspace, conversation_id: str) -> Conversation:
    found = workspace.conversations.get(conversation_id)
    if found is None:
        raise ActionError(f"there is no conversation {conversation_id}", reason="unknown")
    return found


def find_company(workspace: Workspace, company_id: str) -> Company:
    found = workspace.companies.get(company_id)
    if found is None:
        raise ActionError(f"there is no company {company_id}", reason="unknown")
    return found


def find_admin(workspace: Workspace, admin_id: str | None) -> Admin:
    """The teammate of that id, or the first one."""
    if admin_id is None:
        return next(iter(workspace.admins.values()))
    found = workspace.admins.get(admin_id)
    if found is None:
        raise ActionError(f"there is no teammate {admin_id}", reason="unknown")
    return found


def tag_called(workspace: Workspace, name: str) -> Tag:
    """The tag of that name, made if it is new."""
    known = workspace.tag_named(name)
    if known is not None:
        return known
    if not name.strip():
        raise ActionError("a tag needs a name", reason="invalid")
    tag = Tag(workspace.ids.tag(), name)
    workspace.tags[tag.id] = tag
    return tag
