"""Finding people for the control page and interface."""

from intercom_sim.model import Contact, Conversation
from intercom_sim.workspace import Workspace


def find_people(workspace: Workspace, wanted: str, *, limit: int) -> list[Contact]:
    """People whose name, address or id holds the text, latest activity first."""
    needle = wanted.strip().casefold()
    found = []
    for _, _, contact in reversed(workspace.contacts_by_update.rows):
        words = f"{contact.name or ''} {contact.email or ''} {contact.id}".casefold()
        if needle in words:
            found.append(contact)
            if len(found) >= limit:
                break
    return found


def conversations_of(workspace: Workspace, contact: Contact) -> list[Conversation]:
    """A person's conversations, latest update first."""
    known = [workspace.conversations[one] for one in contact.conversation_ids]
    return sorted(known, key=lambda one: (one.updated_at, one.id), reverse=True)


def recently_closed(workspace: Workspace, *, limit: int) -> list[tuple[Contact, Conversation]]:
    """Named people with a ticket closed not long ago: good ones to reopen."""
    found: dict[str, tuple[Contact, Conversation]] = {}
    for _, _, conversation in reversed(workspace.conversations_by_update.rows):
        contact = workspace.person(conversation.contact_ids[0])
        visible = contact.id in workspace.contacts and contact.email and not contact.archived
        if conversation.state == "closed" and visible:
            found.setdefault(contact.id, (contact, conversation))
        if len(found) >= limit:
            break
    return list(found.values())
