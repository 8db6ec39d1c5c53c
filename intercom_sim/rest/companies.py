"""Reading companies: find, list, scroll, one, and its people."""

from intercom_sim.model import Company
from intercom_sim.rest.call import Call, Reply, Route, as_json, joined, number
from intercom_sim.rest.contacts import link_pages
from intercom_sim.rest.errors import ApiError, invalid, not_found
from intercom_sim.rest.site import Site
from intercom_sim.shapes.company import company_bytes
from intercom_sim.shapes.contact import contact_bytes

LISTED, MOST, LIST_CAP = 15, 60, 10_000


def find_companies(site: Site, call: Call) -> Reply:
    """One company by `company_id` or `name`, a list by `tag_id` or without a filter."""
    query = call.query
    every = list(site.workspace.companies.values())
    for name in ("company_id", "name"):
        if name in query:
            found = next((one for one in every if getattr(one, name) == query[name]), None)
            if found is None:
                raise not_found("Company", code="company_not_found")
            return Reply(company_bytes(found, workspace=site.workspace))
    if "tag_id" in query:
        every = [one for one in every if query["tag_id"] in one.tag_ids]
    if "segment_id" in query:
        every = []
    return _numbered(site, call, companies=every)


def list_companies(site: Site, call: Call) -> Reply:
    """Companies with people, most recently active first; refuses beyond ten thousand."""
    order = call.query.get("order", "desc")
    if order not in ("asc", "desc"):
        raise invalid("order must be asc or desc", field="order")
    inhabited = [one for one in site.workspace.companies.values() if one.contact_ids]
    inhabited.sort(key=lambda one: (one.last_request_at or 0, one.id), reverse=order == "desc")
    return _numbered(site, call, companies=inhabited)


def _numbered(site: Site, call: Call, *, companies: list[Company]) -> Reply:
    per_page = number(call.query.get("per_page"), "per_page", default=LISTED, most=MOST)
    page = number(call.query.get("page"), "page", default=1, most=1_000_000)
    if len(companies) > LIST_CAP or page * per_page > LIST_CAP + per_page:
        message = "page limit reached, please use scroll API"
        raise ApiError(400, "parameter_invalid", message)
    chosen = companies[(page - 1) * per_page : page * per_page]
    pages = link_pages(call, page=page, per_page=per_page, total=len(companies))
    envelope = {"type": "list", "pages": pages, "total_count": len(companies)}
    items = [company_bytes(one, workspace=site.workspace) for one in chosen]
    return joined(envelope, key="data", items=items)


def scroll_companies(site: Site, call: Call) -> Reply:
    """Every company, a hundred a page, until an empty one."""
    now = site.workspace.clock.time()
    token = call.query.get("scroll_param")
    if token:
        token, page = site.scroll.resume(token, now=now)
    else:
        token, page = site.scroll.start(list(site.workspace.companies.values()), now=now)
    envelope = {"type": "list", "pages": None, "total_count": None, "scroll_param": token}
    items = [company_bytes(one, workspace=site.workspace) for one in page]
    return joined(envelope, key="data", items=items)


def get_company(site: Site, call: Call) -> Reply:
    company = site.company(call.params["company_id"])
    return Reply(company_bytes(company, workspace=site.workspace))


def company_contacts(site: Site, call: Call) -> Reply:
    """The people of a company, archived ones left out."""
    company = site.company(call.params["company_id"])
    workspace = site.workspace
    people = [workspace.contacts[one] for one in company.contact_ids]
    visible = [one for one in people if not one.archived]
    per_page = number(call.query.get("per_page"), "per_page", default=50, most=MOST)
    page = number(call.query.get("page"), "page", default=1, most=100_000)
    chosen = visible[(page - 1) * per_page : page * per_page]
    pages = link_pages(call, page=page, per_page=per_page, total=len(visible))
    envelope = {"type": "list", "pages": pages, "total_count": len(visible)}
    items = [contact_bytes(one, workspace_id=workspace.identity.app_id) for one in chosen]
    return joined(envelope, key="data", items=items)


def company_segments(site: Site, call: Call) -> Reply:
    site.company(call.params["company_id"])
    return as_json({"type": "list", "data": []})


ROUTES = (
    Route("GET", "/companies", find_companies),
    Route("POST", "/companies/list", list_companies),
    Route("GET", "/companies/scroll", scroll_companies),
    Route("GET", "/companies/{company_id}", get_company),
    Route("GET", "/companies/{company_id}/contacts", company_contacts),
    Route("GET", "/companies/{company_id}/segments", company_segments),
)
