"""What happens to people: they come, change, sign up, merge, leave."""

from typing import Any

from intercom_sim.actions.errors import ActionError
from intercom_sim.actions.lookup import find_admin, find_contact, tag_called
from intercom_sim.changes import Change, Kind
from intercom_sim.model import Applied, Contact, MergedFrom, Note, Role, Value
from intercom_sim.workspace import Workspace

WRITABLE = frozenset(
    {
        "name",
        "phone",
        "external_id",
        "owner_id",
        "avatar_url",
        "signed_up_at",
        "last_seen_at",
        "language_override",
        "unsubscribed_from_emails",
        "has_hard_bounced",
        "marked_email_as_spam",
    }
)


def create_contact(
    workspace: Workspace,
    *,
    role: Role = "user",
    email: str | None = None,
    name: str | None = None,
    external_id: str | None = None,
    custom_attributes: dict[str, Value] | None = None,
    fields: dict[str, Any] | None = None,
) -> Contact:
    """A new user or lead; users do not share addresses or ids of yours, leads may.

    `fields`: more that is known from the start, of `WRITABLE`.
    """
    with workspace.lock:
        refuse_unknown(fields or {})
        if role == "user":
            refuse_duplicate(workspace, email=email, external_id=external_id)
        now = workspace.now
        contact = Contact(
            workspace.ids.hex24(),
            role,
            now,
            now,
            external_id=workspace.ids.uuid() if role == "lead" else external_id,
            email=email,
            name=name,
            signed_up_at=now if role == "user" else None,
            last_seen_at=now,
            custom_attributes=dict(custom_attributes or {}),
        )
        for known, value in (fields or {}).items():
            setattr(contact, known, value)
        workspace.add_contact(contact)
        _announce(workspace, "contact_created", contact)
        return contact


def refuse_unknown(fields: dict[str, Any]) -> None:
    unknown = set(fields) - WRITABLE
    if unknown:
        raise ActionError(f"cannot set {', '.join(sorted(unknown))}", reason="invalid")


def refuse_duplicate(
    workspace: Workspace,
    *,
    email: str | None,
    external_id: str | None,
    but: Contact | None = None,
) -> None:
    """Two users share neither address nor id of yours; archived ones count."""
    if email is None and external_id is None:
        return
    for one in workspace.contacts.values():
        if one is but or one.role != "user" or one.merged_into:
            continue
        same_email = email is not None and (one.email or "").casefold() == email.casefold()
        if same_email or (external_id is not None and one.external_id == external_id):
            archived = "An archived contact" if one.archived else "A contact"
            raise ActionError(f"{archived} matching those details already exists with id={one.id}")


def update_contact(
    workspace: Workspace,
    contact_id: str,
    *,
    fields: dict[str, Any] | None = None,
    custom_attributes: dict[str, Value] | None = None,
) -> Contact:
    """Set fields of `WRITABLE` and merge custom attributes; a null one is removed."""
    with workspace.lock:
        contact = find_contact(workspace, contact_id)
        refuse_unknown(fields or {})
        for name, value in (fields or {}).items():
            setattr(contact, name, value)
        merged = contact.custom_attributes | (custom_attributes or {})
        contact.custom_attributes = {key: one for key, one in merged.items() if one is not None}
        workspace.touch_contact(contact, at=workspace.now)
        _announce(workspace, "contact_updated", contact)
        return contact


def change_email(workspace: Workspace, contact_id: str, *, email: str | None) -> Contact:
    """Another address, the first one, or none any more."""
    with workspace.lock:
        contact = find_contact(workspace, contact_id)
        if contact.role == "user" and email:
            refuse_duplicate(workspace, email=email, external_id=None, but=contact)
        first = contact.email is None and contact.role == "lead"
        contact.email = email
        workspace.touch_contact(contact, at=workspace.now)
        _announce(workspace, "contact_email_added" if first else "contact_email_changed", contact)
        return contact


def unsubscribe(workspace: Workspace, contact_id: str, *, subscribed: bool = False) -> Contact:
    """The contact wants no more e-mails, or wants them again."""
    with workspace.lock:
        contact = find_contact(workspace, contact_id)
        contact.unsubscribed_from_emails = not subscribed
        workspace.touch_contact(contact, at=workspace.now)
        _announce(
            workspace, "contact_subscribed" if subscribed else "contact_unsubscribed", contact
        )
        return contact


def seen(workspace: Workspace, contact_id: str, *, at: int | None = None) -> Contact:
    """The contact visits: only `last_seen_at` moves, nothing is told, nothing else changes."""
    with workspace.lock:
        contact = find_contact(workspace, contact_id)
        contact.last_seen_at = workspace.now if at is None else at
        workspace.touch_contact(contact)
        return contact


def tag_contact(
    workspace: Workspace, contact_id: str, *, name: str, admin_id: str | None = None
) -> Contact:
    with workspace.lock:
        contact = find_contact(workspace, contact_id)
        tag = tag_called(workspace, name)
        if tag.id in contact.tags:
            return contact
        contact.tags[tag.id] = Applied(workspace.now, find_admin(workspace, admin_id).id)
        workspace.touch_contact(contact, at=workspace.now)
        now = workspace.clock.time()
        workspace.announce(Change("contact_tagged", now, contact=contact, tag=tag))
        return contact


def untag_contact(workspace: Workspace, contact_id: str, *, name: str) -> Contact:
    with workspace.lock:
        contact = find_contact(workspace, contact_id)
        tag = workspace.tag_named(name)
        if tag is None or tag.id not in contact.tags:
            raise ActionError(f"the contact has no tag {name!r}")
        del contact.tags[tag.id]
        workspace.touch_contact(contact, at=workspace.now)
        now = workspace.clock.time()
        workspace.announce(Change("contact_untagged", now, contact=contact, tag=tag))
        return contact


def add_contact_note(
    workspace: Workspace, contact_id: str, *, body: str, admin_id: str | None = None
) -> Note:
    """An internal remark about a person."""
    with workspace.lock:
        contact = find_contact(workspace, contact_id)
        author = find_admin(workspace, admin_id).id
        one = str(workspace.ids.number())
        note = Note(one, workspace.now, contact.id, author, body)
        workspace.notes[note.id] = note
        contact.note_ids.append(note.id)
        workspace.touch_contact(contact)
        return note


def sign_up(
    workspace: Workspace,
    contact_id: str,
    *,
    email: str | None = None,
    external_id: str | None = None,
) -> Contact:
    """A lead becomes a user, keeping its id."""
    with workspace.lock:
        contact = find_contact(workspace, contact_id)
        if contact.role != "lead":
            raise ActionError("only a lead can sign up")
        wanted = email or contact.email
        refuse_duplicate(workspace, email=wanted, external_id=external_id, but=contact)
        contact.role = "user"
        contact.email = wanted
        contact.external_id = external_id or f"u-{contact.id[-8:]}"
        contact.signed_up_at = workspace.now
        workspace.touch_contact(contact, at=workspace.now)
        _announce(workspace, "contact_signed_up", contact)
        return contact


def archive(workspace: Workspace, contact_id: str) -> Contact:
    """Hide from lists and searches; can be undone."""
    with workspace.lock:
        contact = find_contact(workspace, contact_id)
        if contact.archived:
            raise ActionError("the contact is archived already")
        workspace.hide_contact(contact)
        contact.archived = True
        workspace.touch_contact(contact, at=workspace.now)
        _announce(workspace, "contact_archived", contact)
        return contact


def unarchive(workspace: Workspace, contact_id: str) -> Contact:
    with workspace.lock:
        contact = find_contact(workspace, contact_id)
        if not contact.archived:
            raise ActionError("the contact is not archived")
        if contact.blocked:
            message = "The contact is blocked and not restorable"
            raise ActionError(message, reason="invalid", code="not_restorable")
        workspace.touch_contact(contact, at=workspace.now)
        contact.archived = False
        workspace.show_contact(contact)
        _announce(workspace, "contact_unarchived", contact)
        return contact


def block(workspace: Workspace, contact_id: str) -> Contact:
    """Archived for good, with all conversations."""
    with workspace.lock:
        contact = find_contact(workspace, contact_id)
        contact.blocked = True
        for one in contact.conversation_ids:
            workspace.hide_conversation(workspace.conversations[one])
        return contact if contact.archived else archive(workspace, contact.id)


def delete_contact(workspace: Workspace, contact_id: str) -> Contact:
    """Gone for good; conversations keep mentioning the id."""
    with workspace.lock:
        contact = find_contact(workspace, contact_id)
        if not contact.archived:
            workspace.hide_contact(contact)
        del workspace.contacts[contact.id]
        workspace.deleted_contacts[contact.id] = contact
        for one in contact.company_ids:
            workspace.companies[one].contact_ids.pop(contact.id, None)
            workspace.forget_company(workspace.companies[one])
        _announce(workspace, "contact_deleted", contact)
        return contact


def merge(workspace: Workspace, lead_id: str, *, into: str, by_hand: bool = False) -> Contact:
    """A lead dissolves in a user: conversations, tags, companies and attributes go along.

    `by_hand`: a teammate may also merge a user into another, which the API refuses.
    """
    with workspace.lock:
        lead, user = find_contact(workspace, lead_id), find_contact(workspace, into)
        if (lead.role != "lead" and not by_hand) or user.role != "user" or lead is user:
            raise ActionError("only a lead can be merged into a user", reason="invalid")
        now = workspace.now
        if not lead.archived:
            workspace.hide_contact(lead)
        lead.merged_into = user.id
        _hand_over(workspace, lead, user)
        user.merge_history.append(MergedFrom(lead.id, lead.role, now))
        workspace.touch_contact(lead)
        workspace.touch_contact(user, at=now)
        change = Change("contact_merged", workspace.clock.time(), contact=user, other=lead)
        workspace.announce(change)
        return user


def _hand_over(workspace: Workspace, lead: Contact, user: Contact) -> None:
    user.tags = lead.tags | user.tags
    user.custom_attributes = lead.custom_attributes | user.custom_attributes
    user.note_ids += lead.note_ids
    for name in ("last_seen_at", "last_replied_at", "last_contacted_at"):
        times = (one for one in (getattr(lead, name), getattr(user, name)) if one is not None)
        setattr(user, name, max(times, default=None))
    for one in lead.company_ids:
        workspace.companies[one].contact_ids.pop(lead.id, None)
        workspace.companies[one].contact_ids[user.id] = None
        workspace.forget_company(workspace.companies[one])
        if one not in user.company_ids:
            user.company_ids.append(one)
    for one in lead.conversation_ids:
        _hand_over_conversation(workspace, one, lead=lead, user=user)
    lead.conversation_ids, lead.company_ids, lead.note_ids = [], [], []


def _hand_over_conversation(
    workspace: Workspace, conversation_id: str, *, lead: Contact, user: Contact
) -> None:
    conversation = workspace.conversations[conversation_id]
    people = [user.id if one == lead.id else one for one in conversation.contact_ids]
    conversation.contact_ids = list(dict.fromkeys(people))
    if conversation_id not in user.conversation_ids:
        user.conversation_ids.append(conversation_id)
    before, after = f"contact:{lead.id}", f"contact:{user.id}"
    if conversation.source.author == before:
        conversation.source.author = after
    for part in conversation.parts:
        if part.author == before:
            part.author = after
    conversation.wire = None


def _announce(workspace: Workspace, kind: Kind, contact: Contact) -> None:
    workspace.announce(Change(kind, workspace.clock.time(), contact=contact))
