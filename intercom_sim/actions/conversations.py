"""What contacts and teammates say in conversations."""

from intercom_sim import threads
from intercom_sim.actions.lookup import find_admin, find_contact, find_conversation
from intercom_sim.actions.telling import as_admin, tell, told
from intercom_sim.changes import Change, Kind
from intercom_sim.model import Contact, Conversation, Part, Source
from intercom_sim.shapes.text import paragraph
from intercom_sim.workspace import Workspace


def start_conversation(
    workspace: Workspace, contact_id: str, *, body: str, subject: str = ""
) -> Conversation:
    """A contact writes to us."""
    with workspace.lock:
        contact = find_contact(workspace, contact_id)
        kind = "email" if subject else "conversation"
        author = f"contact:{contact.id}"
        part_id = workspace.ids.part()
        source = Source(part_id, kind, "customer_initiated", author, subject, paragraph(body))
        conversation = _begin(workspace, contact, source, title=subject or None)
        conversation.waiting_since = conversation.created_at
        conversation.read = False
        _contact_was_active(workspace, contact)
        tell(workspace, "conversation_started_by_contact", conversation)
        return conversation


def start_outreach(
    workspace: Workspace,
    contact_id: str,
    *,
    body: str,
    subject: str = "",
    admin_id: str | None = None,
) -> Conversation:
    """A teammate writes to a contact."""
    with workspace.lock:
        contact = find_contact(workspace, contact_id)
        author = f"admin:{find_admin(workspace, admin_id).id}"
        part_id = workspace.ids.part()
        kind = "email" if subject else "conversation"
        source = Source(part_id, kind, "admin_initiated", author, subject, paragraph(body))
        conversation = _begin(workspace, contact, source, title=subject or None)
        contact.last_contacted_at = workspace.now
        workspace.touch_contact(contact)
        tell(workspace, "conversation_started_by_admin", conversation)
        return conversation


def customer_reply(
    workspace: Workspace, conversation_id: str, *, body: str, contact_id: str | None = None
) -> Part:
    """A contact writes on; a closed or snoozed conversation opens again."""
    with workspace.lock:
        conversation = find_conversation(workspace, conversation_id)
        contact = find_contact(workspace, contact_id or conversation.contact_ids[0])
        was_closed = conversation.state == "closed"
        part = threads.say(
            conversation,
            part_id=workspace.ids.part(),
            author=f"contact:{contact.id}",
            at=workspace.now,
            body=paragraph(body),
        )
        _contact_was_active(workspace, contact)
        kind: Kind = "contact_reopened" if was_closed else "contact_replied"
        return told(workspace, kind, conversation, part)


def admin_reply(
    workspace: Workspace, conversation_id: str, *, body: str, admin_id: str | None = None
) -> Part:
    """A teammate answers; the contact waits no longer."""
    with workspace.lock:
        conversation = find_conversation(workspace, conversation_id)
        part = threads.say(conversation, **as_admin(workspace, admin_id), body=paragraph(body))
        contact = workspace.person(conversation.contact_ids[0])
        contact.last_contacted_at = part.created_at
        contact.wire = None
        return told(workspace, "admin_replied", conversation, part)


def bot_reply(workspace: Workspace, conversation_id: str, *, body: str) -> Part:
    """The bot answers; that is no teammate's answer, so the contact still waits."""
    with workspace.lock:
        conversation = find_conversation(workspace, conversation_id)
        author = f"bot:{list(workspace.admins)[-1]}"
        part_id, at = workspace.ids.part(), workspace.now
        text = paragraph(body)
        part = threads.say(conversation, part_id=part_id, author=author, at=at, body=text)
        conversation.bot_answered = True
        return told(workspace, "bot_replied", conversation, part)


def add_note(
    workspace: Workspace, conversation_id: str, *, body: str, admin_id: str | None = None
) -> Part:
    """A teammate leaves an internal remark."""
    with workspace.lock:
        conversation = find_conversation(workspace, conversation_id)
        part = threads.note(conversation, **as_admin(workspace, admin_id), body=paragraph(body))
        return told(workspace, "noted", conversation, part)


def mark_read(workspace: Workspace, conversation_id: str) -> None:
    """The contact has read it; that does not count as an update."""
    with workspace.lock:
        conversation = find_conversation(workspace, conversation_id)
        conversation.read = True
        conversation.wire = None
        workspace.version += 1
        now = workspace.clock.time()
        workspace.announce(Change("conversation_read", now, conversation=conversation))


def _begin(
    workspace: Workspace, contact: Contact, source: Source, *, title: str | None
) -> Conversation:
    now = workspace.now
    one = workspace.ids.conversation()
    conversation = Conversation(one, now, now, source, [contact.id], title=title)
    if contact.company_ids:
        conversation.company_id = contact.company_ids[0]
    workspace.add_conversation(conversation)
    return conversation


def _contact_was_active(workspace: Workspace, contact: Contact) -> None:
    """Writing moves the contact's own times, without a notification about the contact."""
    now = workspace.now
    contact.last_replied_at = contact.last_seen_at = now
    workspace.touch_contact(contact, at=now)
