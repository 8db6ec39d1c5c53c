"""What teammates do with conversations: close, reopen, assign, snooze, tag, delete."""

from intercom_sim import threads
from intercom_sim.actions.errors import ActionError
from intercom_sim.actions.lookup import find_admin, find_contact, find_conversation, tag_called
from intercom_sim.actions.telling import as_admin, tell, told
from intercom_sim.changes import Change, Kind
from intercom_sim.model import Applied, DeletedConversation, Part, Priority
from intercom_sim.shapes.text import paragraph
from intercom_sim.workspace import Workspace


def close(
    workspace: Workspace,
    conversation_id: str,
    *,
    body: str | None = None,
    admin_id: str | None = None,
) -> Part:
    with workspace.lock:
        conversation = find_conversation(workspace, conversation_id)
        if conversation.state == "closed":
            raise ActionError("the conversation is closed already")
        text = paragraph(body) if body else None
        part = threads.close(conversation, **as_admin(workspace, admin_id), body=text)
        return told(workspace, "closed", conversation, part)


def reopen(workspace: Workspace, conversation_id: str, *, admin_id: str | None = None) -> Part:
    """A teammate opens a closed conversation again."""
    with workspace.lock:
        conversation = find_conversation(workspace, conversation_id)
        if conversation.state != "closed":
            raise ActionError("only a closed conversation can be reopened")
        part = threads.reopen(conversation, **as_admin(workspace, admin_id))
        return told(workspace, "opened", conversation, part)


def assign(
    workspace: Workspace,
    conversation_id: str,
    *,
    assignee: str | None,
    admin_id: str | None = None,
) -> Part:
    """Assign to `admin:<id>`, `team:<id>` or nobody; a closed one opens again."""
    with workspace.lock:
        conversation = find_conversation(workspace, conversation_id)
        group, _, one = (assignee or "").partition(":")
        known = one in (workspace.teams if group == "team" else workspace.admins)
        if assignee is not None and not known:
            raise ActionError(f"there is no {assignee}", reason="unknown")
        reopens = conversation.state == "closed"
        part = threads.assign(conversation, **as_admin(workspace, admin_id), assignee=assignee)
        kind: Kind = "assigned_and_reopened" if reopens else "assigned"
        return told(workspace, kind, conversation, part)


def snooze(
    workspace: Workspace, conversation_id: str, *, until: int, admin_id: str | None = None
) -> Part:
    """Put aside until a moment to come (unix seconds)."""
    with workspace.lock:
        conversation = find_conversation(workspace, conversation_id)
        if until <= workspace.now:
            raise ActionError("a conversation is snoozed until a moment to come", reason="invalid")
        part = threads.snooze(conversation, **as_admin(workspace, admin_id), until=until)
        return told(workspace, "snoozed", conversation, part)


def unsnooze(workspace: Workspace, conversation_id: str, *, admin_id: str | None = None) -> Part:
    with workspace.lock:
        conversation = find_conversation(workspace, conversation_id)
        if conversation.state != "snoozed":
            raise ActionError("the conversation is not snoozed")
        part = threads.unsnooze(conversation, **as_admin(workspace, admin_id))
        return told(workspace, "unsnoozed", conversation, part)


def rate(workspace: Workspace, conversation_id: str, *, rating: int, remark: str = "") -> None:
    """The first contact rates the conversation from 1 to 5."""
    with workspace.lock:
        conversation = find_conversation(workspace, conversation_id)
        if not 1 <= rating <= 5:
            raise ActionError("a rating is a number from 1 to 5", reason="invalid")
        one, at = conversation.contact_ids[0], workspace.now
        threads.rate(conversation, contact_id=one, at=at, rating=rating, remark=remark)
        tell(workspace, "rated", conversation)


def prioritize(
    workspace: Workspace, conversation_id: str, *, priority: Priority, admin_id: str | None = None
) -> Part:
    with workspace.lock:
        conversation = find_conversation(workspace, conversation_id)
        who = as_admin(workspace, admin_id)
        part = threads.prioritize(conversation, **who, priority=priority)
        return told(workspace, "prioritized", conversation, part)


def tag_conversation(
    workspace: Workspace, conversation_id: str, *, name: str, admin_id: str | None = None
) -> None:
    """Tag a conversation; Intercom puts the tag on its newest message as well."""
    with workspace.lock:
        conversation = find_conversation(workspace, conversation_id)
        tag = tag_called(workspace, name)
        by = find_admin(workspace, admin_id).id
        conversation.tags[tag.id] = Applied(workspace.now, by)
        parts = tuple(conversation.parts[-1:])
        for part in parts:
            part.tag_ids = (*part.tag_ids, tag.id)
        tell(workspace, "conversation_tagged", conversation, parts=parts, tag_id=tag.id)


def untag_conversation(workspace: Workspace, conversation_id: str, *, name: str) -> None:
    """Take a tag off; Intercom has no notification of it."""
    with workspace.lock:
        conversation = find_conversation(workspace, conversation_id)
        tag = workspace.tag_named(name)
        if tag is None or tag.id not in conversation.tags:
            raise ActionError(f"the conversation has no tag {name!r}")
        del conversation.tags[tag.id]
        for part in conversation.parts:
            part.tag_ids = tuple(one for one in part.tag_ids if one != tag.id)
        workspace.touch_conversation(conversation, at=workspace.now)


def redact(workspace: Workspace, conversation_id: str, *, part_id: int) -> Part:
    """Blank a message for good."""
    with workspace.lock:
        conversation = find_conversation(workspace, conversation_id)
        part = next((one for one in conversation.parts if one.id == part_id), None)
        if part is None:
            raise ActionError(f"there is no part {part_id}", reason="unknown")
        part.redacted, part.body = True, None
        return told(workspace, "part_redacted", conversation, part)


def add_participant(workspace: Workspace, conversation_id: str, *, contact_id: str) -> None:
    with workspace.lock:
        conversation = find_conversation(workspace, conversation_id)
        contact = find_contact(workspace, contact_id)
        if contact.id in conversation.contact_ids:
            raise ActionError("the contact takes part already")
        conversation.contact_ids.append(contact.id)
        contact.conversation_ids.append(conversation.id)
        tell(workspace, "participant_added", conversation, contact=contact)


def remove_participant(workspace: Workspace, conversation_id: str, *, contact_id: str) -> None:
    """Take a contact out; the last one has to stay."""
    with workspace.lock:
        conversation = find_conversation(workspace, conversation_id)
        contact = find_contact(workspace, contact_id)
        if conversation.contact_ids == [contact.id]:
            raise ActionError("the last participant cannot be removed", reason="invalid")
        if contact.id not in conversation.contact_ids:
            raise ActionError("the contact does not take part", reason="unknown")
        conversation.contact_ids.remove(contact.id)
        contact.conversation_ids.remove(conversation.id)
        tell(workspace, "participant_removed", conversation, contact=contact)


def delete_conversation(
    workspace: Workspace, conversation_id: str, *, retain_metrics: bool = True
) -> None:
    """Delete for good; what remains is an entry among the deleted ones."""
    with workspace.lock:
        conversation = find_conversation(workspace, conversation_id)
        workspace.drop_conversation(conversation)
        grave = DeletedConversation(conversation.id, workspace.now, retain_metrics)
        workspace.deleted_conversations.append(grave)
        now = workspace.clock.time()
        workspace.announce(Change("conversation_deleted", now, conversation=conversation))
