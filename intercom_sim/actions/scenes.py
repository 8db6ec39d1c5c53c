"""Several things at once, as a day at support brings them: a complaint, a cleared desk."""

from intercom_sim.actions.conversations import admin_reply, customer_reply, start_conversation
from intercom_sim.actions.errors import ActionError
from intercom_sim.actions.inbox import close
from intercom_sim.actions.lookup import find_contact
from intercom_sim.model import Contact, Conversation
from intercom_sim.workspace import Workspace

COMPLAINT = "This is back again. I have explained it before. When will it be fixed for good?"
FIRST_WORDS = "Something is wrong with our account, could somebody have a look today?"
ANSWER = "Sorry for the trouble. We found the cause, fixed it and tested it with your data."


def complain(workspace: Workspace, contact_id: str) -> Conversation:
    """The contact writes again in the ticket closed last, which reopens; or begins a new one."""
    with workspace.lock:
        contact = find_contact(workspace, contact_id)
        closed = _in_state(workspace, contact, "closed")
        if not closed:
            return start_conversation(workspace, contact_id, body=FIRST_WORDS)
        latest = max(closed, key=lambda one: (one.updated_at, one.id))
        customer_reply(workspace, latest.id, body=COMPLAINT, contact_id=contact_id)
        return latest


def clear_desk(workspace: Workspace, contact_id: str) -> Contact:
    """A teammate answers and closes everything that the contact has open."""
    with workspace.lock:
        contact = find_contact(workspace, contact_id)
        waiting = _in_state(workspace, contact, "open") + _in_state(workspace, contact, "snoozed")
        if not waiting:
            raise ActionError("nothing of theirs is open")
        for conversation in waiting:
            admin_reply(workspace, conversation.id, body=ANSWER)
            close(workspace, conversation.id)
        return contact


def _in_state(workspace: Workspace, contact: Contact, state: str) -> list[Conversation]:
    known = [workspace.conversations[one] for one in contact.conversation_ids]
    return [one for one in known if one.state == state]
