"""Changing companies and tags through the API."""

from intercom_sim.actions import companies, contacts
from intercom_sim.actions.lookup import tag_called
from intercom_sim.rest.call import Call, Json, Reply, Route, as_json
from intercom_sim.rest.errors import ApiError, missing
from intercom_sim.rest.site import Site
from intercom_sim.rest.writing import attributes, chosen, refusing
from intercom_sim.shapes.company import company_bytes
from intercom_sim.shapes.people import tag_json

NAMES = {name: name for name in companies.WRITABLE}


def save_company(site: Site, call: Call) -> Reply:
    fields = call.fields()
    with refusing():
        company = companies.save_company(
            site.workspace,
            company_id=str(call.required("company_id")),
            fields=chosen(fields, NAMES),
            custom_attributes=_attributes(site, fields),
        )
    return Reply(company_bytes(company, workspace=site.workspace))


def update_company(site: Site, call: Call) -> Reply:
    fields = call.fields()
    company = site.company(call.params["company_id"])
    with refusing():
        companies.update_company(
            site.workspace,
            company.id,
            fields=chosen(fields, NAMES),
            custom_attributes=_attributes(site, fields),
        )
    return Reply(company_bytes(company, workspace=site.workspace))


def _attributes(site: Site, fields: Json) -> Json:
    known = {one.name for one in site.workspace.attributes if one.model == "company" and one.custom}
    return attributes(fields, known=known)


def delete_company(site: Site, call: Call) -> Reply:
    company = site.company(call.params["company_id"])
    companies.delete_company(site.workspace, company.id)
    return as_json({"id": company.id, "object": "company", "deleted": True})


def save_tag(site: Site, call: Call) -> Reply:
    """Create, rename (with `id`), or put on many contacts at once."""
    fields = call.fields()
    name = fields.get("name")
    if not name:
        raise missing("name")
    if fields.get("id"):
        tag = site.tag(str(fields["id"]))
        site.workspace.rename_tag(tag, str(name))
        return as_json(tag_json(tag))
    with refusing():
        tag = tag_called(site.workspace, str(name))
        for one in fields.get("users") or ():
            if one.get("id") in site.workspace.contacts:
                change = contacts.untag_contact if one.get("untag") else contacts.tag_contact
                change(site.workspace, one["id"], name=tag.name)
    return as_json(tag_json(tag))


def delete_tag(site: Site, call: Call) -> Reply:
    tag = site.tag(call.params["tag_id"])
    workspace = site.workspace
    people = (one.tags for one in workspace.contacts.values())
    threads = (one.tags for one in workspace.conversations.values())
    if any(tag.id in tags for group in (people, threads) for tags in group):
        raise ApiError(400, "tag_has_dependent_objects", "Unable to delete tag with dependents")
    del workspace.tags[tag.id]
    return Reply(b"")


ROUTES = (
    Route("POST", "/companies", save_company),
    Route("PUT", "/companies/{company_id}", update_company),
    Route("DELETE", "/companies/{company_id}", delete_company),
    Route("POST", "/tags", save_tag),
    Route("DELETE", "/tags/{tag_id}", delete_tag),
)
