"""What is put on contacts and taken off: tags, companies, notes."""

from intercom_sim.actions import companies, contacts
from intercom_sim.model import Tag
from intercom_sim.rest.call import Call, Reply, Route, as_json
from intercom_sim.rest.errors import missing, not_found
from intercom_sim.rest.site import Site
from intercom_sim.rest.writing import refusing
from intercom_sim.shapes.company import company_bytes
from intercom_sim.shapes.people import applied_tag_json, note_json


def add_tag(site: Site, call: Call) -> Reply:
    """Put on, also when it is there already."""
    contact = site.contact(call.params["contact_id"])
    tag = _tag(site, str(call.required("id")))
    contacts.tag_contact(site.workspace, contact.id, name=tag.name)
    return as_json(applied_tag_json(tag, contact.tags[tag.id]))


def remove_tag(site: Site, call: Call) -> Reply:
    contact = site.contact(call.params["contact_id"])
    tag = _tag(site, call.params["tag_id"])
    if tag.id not in contact.tags:
        raise not_found("Resource")
    applied = contact.tags[tag.id]
    contacts.untag_contact(site.workspace, contact.id, name=tag.name)
    return as_json(applied_tag_json(tag, applied))


def _tag(site: Site, tag_id: str) -> Tag:
    found = site.workspace.tags.get(tag_id)
    if found is None:
        raise not_found("Resource")
    return found


def add_company(site: Site, call: Call) -> Reply:
    """By Intercom's id of the company, not by yours."""
    contact = site.contact(call.params["contact_id"])
    if not call.fields().get("id"):
        raise missing("id", said="company not specified")
    company = site.company(str(call.required("id")))
    with refusing():
        companies.attach(site.workspace, contact.id, company=company.id)
    return Reply(company_bytes(company, workspace=site.workspace))


def remove_company(site: Site, call: Call) -> Reply:
    contact = site.contact(call.params["contact_id"])
    company = site.company(call.params["company_id"])
    if company.id not in contact.company_ids:
        raise not_found("Company", code="company_not_found")
    companies.detach(site.workspace, contact.id, company=company.id)
    return Reply(company_bytes(company, workspace=site.workspace))


def add_note(site: Site, call: Call) -> Reply:
    """In the name of a teammate, the first one unless told."""
    contact = site.contact(call.params["contact_id"])
    body = str(call.required("body"))
    admin_id = call.fields().get("admin_id")
    if admin_id is not None and str(admin_id) not in site.workspace.admins:
        raise not_found("Resource")
    note = contacts.add_contact_note(
        site.workspace, contact.id, body=body, admin_id=admin_id and str(admin_id)
    )
    return as_json(note_json(note, author=site.workspace.admins[note.author_id]))


ROUTES = (
    Route("POST", "/contacts/{contact_id}/tags", add_tag),
    Route("DELETE", "/contacts/{contact_id}/tags/{tag_id}", remove_tag),
    Route("POST", "/contacts/{contact_id}/companies", add_company),
    Route("DELETE", "/contacts/{contact_id}/companies/{company_id}", remove_company),
    Route("POST", "/contacts/{contact_id}/notes", add_note),
)
