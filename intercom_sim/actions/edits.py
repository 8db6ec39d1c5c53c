"""One request that changes several things of a contact: checked as a whole, told as a whole."""

from typing import Any

from intercom_sim.actions.contacts import WRITABLE, refuse_duplicate
from intercom_sim.actions.errors import ActionError
from intercom_sim.actions.lookup import find_contact
from intercom_sim.changes import Change, Kind
from intercom_sim.model import Contact, Value
from intercom_sim.workspace import Workspace

MORE = frozenset({"role", "email", "unsubscribed_from_emails"})


def edit_contact(
    workspace: Workspace,
    contact_id: str,
    *,
    fields: dict[str, Any],
    custom_attributes: dict[str, Value],
) -> Contact:
    """Set what was sent, null clears; a lead may become a user, a user never a lead."""
    with workspace.lock:
        contact = find_contact(workspace, contact_id)
        _refuse(workspace, contact, fields)
        told = _kinds(contact, fields)
        if "contact_signed_up" in told:
            _become_user(workspace, contact)
        for name, value in fields.items():
            if name != "role" and (value is not None or name != "unsubscribed_from_emails"):
                setattr(contact, name, value)
        merged = contact.custom_attributes | custom_attributes
        contact.custom_attributes = {key: one for key, one in merged.items() if one is not None}
        workspace.touch_contact(contact, at=workspace.now)
        for kind in told:
            workspace.announce(Change(kind, workspace.clock.time(), contact=contact))
        return contact


def _refuse(workspace: Workspace, contact: Contact, fields: dict[str, Any]) -> None:
    unknown = set(fields) - WRITABLE - MORE
    if unknown:
        raise ActionError(f"cannot set {', '.join(sorted(unknown))}", reason="invalid")
    role = fields.get("role") or contact.role
    if role == "lead" and contact.role == "user":
        message = "User cannot be converted to a lead"
        raise ActionError(message, reason="invalid", code="client_error")
    if role != "user":
        return
    signs_up = contact.role == "lead"
    email = fields.get("email", contact.email)
    key = fields.get("external_id", None if signs_up else contact.external_id)
    refuse_duplicate(
        workspace,
        email=email if signs_up or email != contact.email else None,
        external_id=key if signs_up or key != contact.external_id else None,
        but=contact,
    )


def _kinds(contact: Contact, fields: dict[str, Any]) -> list[Kind]:
    """What is told: events of their own if there are any, else that the contact changed."""
    kinds: list[Kind] = []
    if fields.get("role") == "user" and contact.role == "lead":
        kinds.append("contact_signed_up")
    if "email" in fields and fields["email"] != contact.email:
        first = contact.email is None and contact.role == "lead" and not kinds
        kinds.append("contact_email_added" if first else "contact_email_changed")
    refuses = fields.get("unsubscribed_from_emails")
    if refuses is not None and refuses != contact.unsubscribed_from_emails:
        kinds.append("contact_unsubscribed" if refuses else "contact_subscribed")
    return kinds or ["contact_updated"]


def _become_user(workspace: Workspace, contact: Contact) -> None:
    """The id that Intercom had invented for the lead goes."""
    contact.role = "user"
    contact.external_id = None
    contact.signed_up_at = workspace.now
