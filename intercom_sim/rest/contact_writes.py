"""Changing contacts through the API: who they are, whether they are there at all."""

from intercom_sim.actions import contacts
from intercom_sim.actions.edits import edit_contact
from intercom_sim.model import Contact, Role
from intercom_sim.rest import checks
from intercom_sim.rest.call import Call, Json, Reply, Route, as_json
from intercom_sim.rest.errors import ApiError, invalid, missing
from intercom_sim.rest.site import Site
from intercom_sim.rest.writing import Check, chosen, refusing
from intercom_sim.shapes.contact import contact_bytes, contact_reference

NAMES: dict[str, tuple[str, Check]] = {
    "name": ("name", checks.text),
    "phone": ("phone", checks.phone),
    "avatar": ("avatar_url", checks.link),
    "language_override": ("language_override", checks.text),
    "signed_up_at": ("signed_up_at", checks.moment),
    "last_seen_at": ("last_seen_at", checks.moment),
    "unsubscribed_from_emails": ("unsubscribed_from_emails", checks.flag),
    "external_id": ("external_id", checks.text),
}
NOT_DUPLICATES = "Contacts can only be merged when they share an email or phone"


def create(site: Site, call: Call) -> Reply:
    """Only ever new ones: who exists already is refused with the id."""
    fields = call.fields()
    if not any(fields.get(name) for name in ("email", "external_id", "role")):
        raise missing("email, external_id or role")
    rest = {"signed_up_at": None, "last_seen_at": None, **_profile(site, fields)}
    rest["unsubscribed_from_emails"] = bool(rest.get("unsubscribed_from_emails"))
    _check_verified(fields, email=fields.get("email"))
    sent = _attributes(site, fields)
    with refusing():
        made = contacts.create_contact(
            site.workspace,
            role=_role(fields),
            email=checks.address(fields.get("email")),
            name=rest.pop("name", None),
            external_id=rest.pop("external_id", None),
            custom_attributes={key: one for key, one in sent.items() if one is not None},
            fields=rest,
        )
    return _shown(site, made)


def _role(fields: Json) -> Role:
    role = fields.get("role") or "user"
    if role == "user":
        return "user"
    if role == "lead":
        return "lead"
    raise invalid("role must be user or lead", field="role")


def update(site: Site, call: Call) -> Reply:
    """What was sent; what was not stays, null clears."""
    contact = site.contact(call.params["contact_id"])
    fields = call.fields()
    sent = _attributes(site, fields)
    wanted = _profile(site, fields)
    _check_verified(fields, email=fields.get("email", contact.email))
    if fields.get("role") is not None:
        wanted["role"] = _role(fields)
    if "email" in fields:
        wanted["email"] = checks.address(fields["email"])
    with refusing():
        edit_contact(site.workspace, contact.id, fields=wanted, custom_attributes=sent)
    return _shown(site, contact)


def _profile(site: Site, fields: Json) -> Json:
    found = chosen(fields, NAMES)
    if "owner_id" in fields:
        owner = fields["owner_id"]
        found["owner_id"] = None if owner is None else str(owner)
        if owner is not None and str(owner) not in site.workspace.admins:
            raise invalid("owner_id is not a teammate of this workspace", field="owner_id")
    return site.workspace.habits.kept_all(found)


def _check_verified(fields: Json, *, email: object) -> None:
    if checks.flag(fields.get("email_verified"), "email_verified") is not None and not email:
        raise invalid("email_verified needs an email", field="email_verified")


def _attributes(site: Site, fields: Json) -> Json:
    declared = (one for one in site.workspace.attributes if one.model == "contact")
    return site.workspace.habits.kept_all(checks.attributes(fields, declared=declared))


def _shown(site: Site, contact: Contact) -> Reply:
    return Reply(contact_bytes(contact, workspace_id=site.workspace.identity.app_id))


def delete(site: Site, call: Call) -> Reply:
    contact = site.contact(call.params["contact_id"])
    contacts.delete_contact(site.workspace, contact.id)
    return as_json({**contact_reference(contact), "deleted": True})


def archive(site: Site, call: Call) -> Reply:
    contact = site.contact(call.params["contact_id"])
    if not contact.archived:
        contacts.archive(site.workspace, contact.id)
    return as_json({**contact_reference(contact), "archived": True})


def unarchive(site: Site, call: Call) -> Reply:
    """Back again, unless merged away or blocked."""
    known = site.workspace.contacts.get(call.params["contact_id"])
    if known is not None and known.merged_into is not None:
        raise ApiError(400, "not_restorable", "User has been merged and is not restorable.")
    contact = site.contact(call.params["contact_id"])
    if contact.archived:
        with refusing():
            contacts.unarchive(site.workspace, contact.id)
    return as_json({**contact_reference(contact), "archived": False})


def block(site: Site, call: Call) -> Reply:
    contact = site.contact(call.params["contact_id"])
    contacts.block(site.workspace, contact.id)
    return as_json({**contact_reference(contact), "blocked": True})


def merge(site: Site, call: Call) -> Reply:
    """A lead into a user who shares address or phone, unless that check is waived."""
    lead = site.contact(str(call.required("from")))
    user = site.contact(str(call.required("into")))
    alike = (lead.email and lead.email == user.email) or (lead.phone and lead.phone == user.phone)
    if not alike and not call.fields().get("skip_duplicate_validation"):
        raise ApiError(400, "invalid_merge", NOT_DUPLICATES)
    with refusing():
        contacts.merge(site.workspace, lead.id, into=user.id)
    return _shown(site, user)


ROUTES = (
    Route("POST", "/contacts", create),
    Route("POST", "/contacts/merge", merge),
    Route("PUT", "/contacts/{contact_id}", update),
    Route("DELETE", "/contacts/{contact_id}", delete),
    Route("POST", "/contacts/{contact_id}/archive", archive),
    Route("POST", "/contacts/{contact_id}/unarchive", unarchive),
    Route("POST", "/contacts/{contact_id}/block", block),
)
