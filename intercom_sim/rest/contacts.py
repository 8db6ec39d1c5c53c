"""Reading contacts: list, search, one, and what hangs on one."""

from msgspec import Raw

from intercom_sim.model import Contact
from intercom_sim.rest.call import Call, Json, Reply, Route, as_json, joined, number
from intercom_sim.rest.errors import not_found
from intercom_sim.rest.site import Site
from intercom_sim.search.cursor import decode
from intercom_sim.search.engine import Sort, parse_sort
from intercom_sim.search.paging import Page, Rows, cut
from intercom_sim.search.query import parse
from intercom_sim.segments import segments_of
from intercom_sim.shapes.company import company_bytes
from intercom_sim.shapes.contact import contact_bytes
from intercom_sim.shapes.people import applied_tag_json, note_json, segment_json

LISTED, SEARCHED, MOST = 10, 50, 150
NEWEST = Sort("created_at", descending=True)


def list_contacts(site: Site, call: Call) -> Reply:
    index = site.workspace.contacts_by_creation
    per_page = number(call.query.get("per_page"), "per_page", default=LISTED, most=MOST)
    after = decode(call.query.get("starting_after"))
    rows = Rows(index.rows, 0, len(index))
    return _page(site, cut(rows, per_page=per_page, after=after, descending=True))


def search_contacts(site: Site, call: Call) -> Reply:
    fields = call.fields()
    pagination = fields.get("pagination") or {}
    per_page = number(pagination.get("per_page"), "per_page", default=SEARCHED, most=MOST)
    after = decode(pagination.get("starting_after"))
    sort = parse_sort(fields.get("sort"), default=NEWEST)
    node = parse(fields.get("query"))
    rows = site.contact_engine.find(node, sort=sort, version=site.workspace.version)
    return _page(site, cut(rows, per_page=per_page, after=after, descending=sort.descending))


def _page(site: Site, page: Page[Contact]) -> Reply:
    app_id = site.workspace.identity.app_id
    envelope = {"type": "list", "total_count": page.total, "pages": page.pages}
    items = [contact_bytes(one, workspace_id=app_id) for one in page.items]
    return joined(envelope, key="data", items=items)


def get_contact(site: Site, call: Call) -> Reply:
    contact = site.contact(call.params["contact_id"])
    return Reply(contact_bytes(contact, workspace_id=site.workspace.identity.app_id))


def find_by_external_id(site: Site, call: Call) -> Reply:
    wanted = call.params["external_id"]
    for contact in site.workspace.contacts.values():
        if contact.external_id == wanted and contact.role == "user":
            known = site.contact(contact.id)
            return Reply(contact_bytes(known, workspace_id=site.workspace.identity.app_id))
    raise not_found("User")


def contact_tags(site: Site, call: Call) -> Reply:
    contact = site.contact(call.params["contact_id"])
    tags = site.workspace.tags
    data = [applied_tag_json(tags[one], applied) for one, applied in contact.tags.items()]
    return as_json({"type": "list", "data": data})


def contact_companies(site: Site, call: Call) -> Reply:
    """Under both names: the description's schema says `companies`, its example `data`."""
    contact = site.contact(call.params["contact_id"])
    per_page = number(call.query.get("per_page"), "per_page", default=50, most=60)
    page = number(call.query.get("page"), "page", default=1, most=1_000)
    ids = contact.company_ids
    chosen = ids[(page - 1) * per_page : page * per_page]
    companies = (site.workspace.companies[one] for one in chosen)
    shown = [Raw(company_bytes(one, workspace=site.workspace)) for one in companies]
    pages = link_pages(call, page=page, per_page=per_page, total=len(ids))
    total = len(ids)
    return as_json(
        {"type": "list", "data": shown, "companies": shown, "pages": pages, "total_count": total}
    )


def contact_segments(site: Site, call: Call) -> Reply:
    contact = site.contact(call.params["contact_id"])
    ids = segments_of(contact, workspace=site.workspace)
    data = [segment_json(site.workspace.segments[one]) for one in ids]
    return as_json({"type": "list", "data": data})


def contact_notes(site: Site, call: Call) -> Reply:
    contact = site.contact(call.params["contact_id"])
    workspace = site.workspace
    notes = [workspace.notes[one] for one in contact.note_ids]
    data = [note_json(one, author=workspace.admins[one.author_id]) for one in notes]
    pages = {"type": "pages", "page": 1, "per_page": 50, "total_pages": 1}
    return as_json({"type": "list", "data": data, "total_count": len(data), "pages": pages})


def merge_history(site: Site, call: Call) -> Reply:
    contact = site.contact(call.params["contact_id"])
    data = [
        {
            "type": "merge_history_item",
            "source_contact_id": one.source_contact_id,
            "source_contact_role": one.source_contact_role,
            "merged_at": one.merged_at,
        }
        for one in contact.merge_history
    ]
    return as_json({"type": "list", "data": data, "has_more": False, "next_cursor": None})


def link_pages(call: Call, *, page: int, per_page: int, total: int) -> Json:
    """Pages whose `next` is an address, or null at the end."""
    total_pages = -(-total // per_page)
    link = f"{call.base_url}{call.path}?per_page={per_page}&page={page + 1}"
    return {
        "type": "pages",
        "next": link if page < total_pages else None,
        "page": page,
        "per_page": per_page,
        "total_pages": total_pages,
    }


ROUTES = (
    Route("GET", "/contacts", list_contacts),
    Route("POST", "/contacts/search", search_contacts),
    Route("GET", "/contacts/find_by_external_id/{external_id}", find_by_external_id),
    Route("GET", "/contacts/{contact_id}", get_contact),
    Route("GET", "/contacts/{contact_id}/tags", contact_tags),
    Route("GET", "/contacts/{contact_id}/companies", contact_companies),
    Route("GET", "/contacts/{contact_id}/segments", contact_segments),
    Route("GET", "/contacts/{contact_id}/notes", contact_notes),
    Route("GET", "/contacts/{contact_id}/merge_history", merge_history),
)
