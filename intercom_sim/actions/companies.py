"""What happens to companies, and who belongs to them."""

from typing import Any

from intercom_sim.actions.errors import ActionError
from intercom_sim.actions.lookup import find_company, find_contact
from intercom_sim.changes import Change, Kind
from intercom_sim.model import Company, Contact, Value
from intercom_sim.workspace import Workspace

WRITABLE = frozenset(
    {
        "name",
        "plan",
        "size",
        "website",
        "industry",
        "monthly_spend",
        "remote_created_at",
        "last_request_at",
    }
)


def save_company(
    workspace: Workspace,
    *,
    company_id: str,
    fields: dict[str, Any] | None = None,
    custom_attributes: dict[str, Value] | None = None,
) -> Company:
    """Create or update by the customer's own key."""
    with workspace.lock:
        known = workspace.company_keyed(company_id)
        now = workspace.now
        company = known or Company(workspace.ids.hex24(), company_id, now, now)
        _apply(company, fields or {}, custom_attributes or {})
        workspace.companies[company.id] = company
        workspace.touch_company(company, at=now)
        _announce(workspace, "company_updated" if known else "company_created", company)
        return company


def update_company(
    workspace: Workspace,
    one: str,
    *,
    fields: dict[str, Any] | None = None,
    custom_attributes: dict[str, Value] | None = None,
) -> Company:
    """Update by Intercom's id."""
    company_id = find_company(workspace, one).company_id
    return save_company(
        workspace, company_id=company_id, fields=fields, custom_attributes=custom_attributes
    )


def _apply(company: Company, fields: dict[str, Any], custom_attributes: dict[str, Value]) -> None:
    unknown = set(fields) - WRITABLE
    if unknown:
        raise ActionError(f"cannot set {', '.join(sorted(unknown))}", reason="invalid")
    for name, value in fields.items():
        setattr(company, name, int(value or 0) if name == "monthly_spend" else value)
    merged = company.custom_attributes | custom_attributes
    company.custom_attributes = {key: value for key, value in merged.items() if value is not None}


def delete_company(workspace: Workspace, one: str) -> Company:
    """Its people stay, without it."""
    with workspace.lock:
        company = find_company(workspace, one)
        now = workspace.now
        for contact_id in company.contact_ids:
            contact = workspace.contacts[contact_id]
            contact.company_ids.remove(company.id)
            workspace.touch_contact(contact, at=now)
        workspace.forget_company(company)
        for conversation_id in company.conversation_ids:
            workspace.conversations[conversation_id].company_id = None
        del workspace.companies[company.id]
        _announce(workspace, "company_deleted", company)
        return company


def attach(workspace: Workspace, contact_id: str, *, company: str) -> Company:
    """Put a contact into a company (by Intercom's id)."""
    with workspace.lock:
        contact, found = find_contact(workspace, contact_id), find_company(workspace, company)
        if found.id in contact.company_ids:
            return found
        if len(contact.company_ids) >= 1_000:
            message = "Contact has reached the maximum of 1000 company associations"
            code = "contact_company_limit_exceeded"
            raise ActionError(message, reason="invalid", code=code)
        contact.company_ids.append(found.id)
        found.contact_ids[contact.id] = None
        _touch_both(workspace, contact, found)
        _announce(workspace, "company_attached", found, contact=contact)
        return found


def detach(workspace: Workspace, contact_id: str, *, company: str) -> Company:
    with workspace.lock:
        contact, found = find_contact(workspace, contact_id), find_company(workspace, company)
        if found.id not in contact.company_ids:
            raise ActionError("the contact does not belong to the company", reason="unknown")
        contact.company_ids.remove(found.id)
        found.contact_ids.pop(contact.id, None)
        _touch_both(workspace, contact, found)
        _announce(workspace, "company_detached", found, contact=contact)
        return found


def _touch_both(workspace: Workspace, contact: Contact, company: Company) -> None:
    workspace.touch_contact(contact, at=workspace.now)
    workspace.touch_company(company, at=workspace.now)


def _announce(
    workspace: Workspace, kind: Kind, company: Company, *, contact: Contact | None = None
) -> None:
    workspace.announce(Change(kind, workspace.clock.time(), company=company, contact=contact))
