"""Tags themselves through the API: create, rename, delete, and put on many things at once."""

from intercom_sim.actions import contacts, tags
from intercom_sim.actions.lookup import tag_called
from intercom_sim.model import Company, Tag
from intercom_sim.rest import checks
from intercom_sim.rest.call import Call, Json, Reply, Route, as_json
from intercom_sim.rest.errors import ApiError, invalid
from intercom_sim.rest.site import Site
from intercom_sim.rest.writing import refusing
from intercom_sim.shapes.people import tag_json


def save_tag(site: Site, call: Call) -> Reply:
    """Create, rename (with `id`), or put on contacts or companies; whom nobody knows is skipped."""
    fields = call.fields()
    name = checks.text(fields.get("name"), "name")
    if not name or not name.strip() or ("users" in fields and "companies" in fields):
        raise invalid("invalid tag parameters")
    with refusing():
        if fields.get("id"):
            return as_json(tag_json(tags.rename_tag(site.workspace, str(fields["id"]), name=name)))
        tag = tag_called(site.workspace, name)
        shape = tag_json(tag)
        if "users" in fields:
            shape["users"] = [_person(site, tag, one) for one in _list(fields["users"], "users")]
        if "companies" in fields:
            named = _list(fields["companies"], "companies")
            shape["companies"] = [_company(site, tag, one) for one in named]
    return as_json(shape)


def _list(value: object, name: str) -> list[Json]:
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return value
    raise invalid(f"{name} is not a list of objects", field=name)


def _person(site: Site, tag: Tag, one: Json) -> Json:
    known = site.workspace.contacts.get(str(one.get("id")))
    if known is None or known.merged_into is not None:
        return {"id": str(one.get("id")), "tagged": False}
    if not one.get("untag"):
        contacts.tag_contact(site.workspace, known.id, name=tag.name)
    elif tag.id in known.tags:
        contacts.untag_contact(site.workspace, known.id, name=tag.name)
    return {"id": known.id, "tagged": tag.id in known.tags}


def _company(site: Site, tag: Tag, one: Json) -> Json:
    known = _find(site, one)
    if known is None:
        return {"id": str(one.get("id") or one.get("company_id")), "tagged": False}
    remove = bool(one.get("untag"))
    tags.tag_company(site.workspace, known.id, name=tag.name, remove=remove)
    return {"id": known.id, "tagged": tag.id in known.tag_ids}


def _find(site: Site, one: Json) -> Company | None:
    if one.get("id"):
        return site.workspace.companies.get(str(one["id"]))
    return site.workspace.company_keyed(str(one.get("company_id")))


def delete_tag(site: Site, call: Call) -> Reply:
    if call.params["tag_id"] not in site.workspace.tags:
        raise ApiError(404, "not_found", "Resource Not Found")
    with refusing():
        tags.delete_tag(site.workspace, call.params["tag_id"])
    return Reply(b"")


ROUTES = (
    Route("POST", "/tags", save_tag),
    Route("DELETE", "/tags/{tag_id}", delete_tag),
)
