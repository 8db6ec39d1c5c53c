"""Changing contacts through the API."""

from intercom_sim.actions import companies, contacts
from intercom_sim.model import Contact, Role
from intercom_sim.rest.call import Call, Json, Reply, Route, as_json
from intercom_sim.rest.errors import ApiError, invalid, missing
from intercom_sim.rest.site import Site
from intercom_sim.rest.writing import attributes, chosen, refusing
from intercom_sim.shapes.company import company_bytes
from intercom_sim.shapes.contact import contact_bytes, contact_reference
from intercom_sim.shapes.people import applied_tag_json, note_json

NAMES = {
    "name": "name",
    "phone": "phone",
    "external_id": "external_id",
    "owner_id": "owner_id",
    "avatar": "avatar_url",
    "signed_up_at": "signed_up_at",
    "last_seen_at": "last_seen_at",
    "language_override": "language_override",
}


def create(site: Site, call: Call) -> Reply:
    fields = call.fields()
    if not any(fields.get(name) for name in ("email", "external_id", "role")):
        raise missing("email, external_id or role")
    role = _role(fields)
    sent = _attributes(site, fields)
    rest = chosen(fields, NAMES)
    with refusing():
        made = contacts.create_contact(
            site.workspace,
            role=role,
            email=fields.get("email"),
            name=rest.pop("name", None),
            external_id=rest.pop("external_id", None),
            custom_attributes=sent,
        )
        if rest:
            contacts.update_contact(site.workspace, made.id, fields=rest)
    return _shown(site, made)


def _role(fields: Json) -> Role:
    role = fields.get("role") or "user"
    if role == "user":
        return "user"
    if role == "lead":
        return "lead"
    raise invalid("role must be user or lead", field="role")


def update(site: Site, call: Call) -> Reply:
    contact = site.contact(call.params["contact_id"])
    fields = call.fields()
    sent = _attributes(site, fields)
    if fields.get("role") == "lead" and contact.role == "user":
        raise ApiError(400, "client_error", "User cannot be converted to a lead", field="role")
    with refusing():
        _update(site, contact, fields)
        rest = chosen(fields, NAMES)
        if rest or sent:
            contacts.update_contact(site.workspace, contact.id, fields=rest, custom_attributes=sent)
    return _shown(site, contact)


def _update(site: Site, contact: Contact, fields: Json) -> None:
    """The changes that are events of their own: sign-up, address, subscription."""
    workspace = site.workspace
    if fields.get("role") == "user" and contact.role == "lead":
        key = fields.get("external_id")
        contacts.sign_up(workspace, contact.id, email=fields.get("email"), external_id=key)
    if "email" in fields and fields["email"] != contact.email:
        contacts.change_email(workspace, contact.id, email=fields["email"])
    wanted = fields.get("unsubscribed_from_emails")
    if wanted is not None and bool(wanted) != contact.unsubscribed_from_emails:
        contacts.unsubscribe(workspace, contact.id, subscribed=not wanted)


def _attributes(site: Site, fields: Json) -> Json:
    known = {one.name for one in site.workspace.attributes if one.model == "contact" and one.custom}
    return attributes(fields, known=known)


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
    contact = site.contact(call.params["contact_id"])
    if contact.archived:
        contacts.unarchive(site.workspace, contact.id)
    return as_json({**contact_reference(contact), "archived": False})


def merge(site: Site, call: Call) -> Reply:
    """A lead into a user who shares address or phone, unless that check is waived."""
    lead = site.contact(str(call.required("from")))
    user = site.contact(str(call.required("into")))
    alike = (lead.email and lead.email == user.email) or (lead.phone and lead.phone == user.phone)
    if not alike and not call.fields().get("skip_duplicate_validation"):
        raise ApiError(400, "invalid_merge", "The contacts share neither email nor phone")
    with refusing():
        contacts.merge(site.workspace, lead.id, into=user.id)
    return _shown(site, user)


def add_tag(site: Site, call: Call) -> Reply:
    contact = site.contact(call.params["contact_id"])
    tag = site.tag(str(call.required("id")))
    contacts.tag_contact(site.workspace, contact.id, name=tag.name)
    return as_json(applied_tag_json(tag, contact.tags[tag.id]))


def remove_tag(site: Site, call: Call) -> Reply:
    contact = site.contact(call.params["contact_id"])
    tag = site.tag(call.params["tag_id"])
    if tag.id in contact.tags:
        applied = contact.tags[tag.id]
        contacts.untag_contact(site.workspace, contact.id, name=tag.name)
        return as_json(applied_tag_json(tag, applied))
    raise ApiError(404, "tag_not_found", "Tag Not Found")


def add_company(site: Site, call: Call) -> Reply:
    contact = site.contact(call.params["contact_id"])
    company = site.company(str(call.required("id")))
    with refusing():
        companies.attach(site.workspace, contact.id, company=company.id)
    return Reply(company_bytes(company, workspace=site.workspace))


def remove_company(site: Site, call: Call) -> Reply:
    contact = site.contact(call.params["contact_id"])
    company = site.company(call.params["company_id"])
    with refusing():
        companies.detach(site.workspace, contact.id, company=company.id)
    return Reply(company_bytes(company, workspace=site.workspace))


def add_note(site: Site, call: Call) -> Reply:
    contact = site.contact(call.params["contact_id"])
    body = str(call.required("body"))
    with refusing():
        admin_id = call.fields().get("admin_id")
        note = contacts.add_contact_note(
            site.workspace, contact.id, body=body, admin_id=admin_id and str(admin_id)
        )
    return as_json(note_json(note, author=site.workspace.admins[note.author_id]))


ROUTES = (
    Route("POST", "/contacts", create),
    Route("POST", "/contacts/merge", merge),
    Route("PUT", "/contacts/{contact_id}", update),
    Route("DELETE", "/contacts/{contact_id}", delete),
    Route("POST", "/contacts/{contact_id}/archive", archive),
    Route("POST", "/contacts/{contact_id}/unarchive", unarchive),
    Route("POST", "/contacts/{contact_id}/tags", add_tag),
    Route("DELETE", "/contacts/{contact_id}/tags/{tag_id}", remove_tag),
    Route("POST", "/contacts/{contact_id}/companies", add_company),
    Route("DELETE", "/contacts/{contact_id}/companies/{company_id}", remove_company),
    Route("POST", "/contacts/{contact_id}/notes", add_note),
)
