"""Reading conversations: list, search, one with its parts, and which were deleted."""

from intercom_sim.model import Conversation
from intercom_sim.rest.call import Call, Reply, Route, as_json, joined, number
from intercom_sim.rest.contacts import link_pages
from intercom_sim.rest.errors import invalid
from intercom_sim.rest.site import Site
from intercom_sim.search.cursor import decode
from intercom_sim.search.engine import Sort, parse_sort
from intercom_sim.search.paging import Page, Rows, cut
from intercom_sim.search.query import parse
from intercom_sim.shapes.conversation import conversation_bytes, full_conversation_json

LISTED, MOST, MOST_DELETED = 20, 150, 60
LATEST = Sort("updated_at", descending=True)


def list_conversations(site: Site, call: Call) -> Reply:
    index = site.workspace.conversations_by_update
    per_page = number(call.query.get("per_page"), "per_page", default=LISTED, most=MOST)
    after = decode(call.query.get("starting_after"))
    rows = Rows(index.rows, 0, len(index))
    return _page(site, cut(rows, per_page=per_page, after=after, descending=True))


def search_conversations(site: Site, call: Call) -> Reply:
    fields = call.fields()
    pagination = fields.get("pagination") or {}
    per_page = number(pagination.get("per_page"), "per_page", default=LISTED, most=MOST)
    after = decode(pagination.get("starting_after"))
    sort = parse_sort(fields.get("sort"), default=LATEST)
    node = parse(fields.get("query"))
    rows = site.conversation_engine.find(node, sort=sort, version=site.workspace.version)
    return _page(site, cut(rows, per_page=per_page, after=after, descending=sort.descending))


def _page(site: Site, page: Page[Conversation]) -> Reply:
    envelope = {"type": "conversation.list", "pages": page.pages, "total_count": page.total}
    items = [conversation_bytes(one, workspace=site.workspace) for one in page.items]
    return joined(envelope, key="conversations", items=items)


def get_conversation(site: Site, call: Call) -> Reply:
    conversation = site.conversation(call.params["conversation_id"])
    plaintext = call.query.get("display_as") == "plaintext"
    shape = full_conversation_json(conversation, workspace=site.workspace, plaintext=plaintext)
    return as_json(shape)


def deleted_conversations(site: Site, call: Call) -> Reply:
    per_page = number(call.query.get("per_page"), "per_page", default=20, most=MOST_DELETED)
    page = number(call.query.get("page"), "page", default=1, most=100_000)
    order = call.query.get("order", "desc")
    if order not in ("asc", "desc"):
        raise invalid("order must be asc or desc", field="order")
    every = sorted(site.workspace.deleted_conversations, key=lambda one: one.deleted_at)
    ordered = every if order == "asc" else every[::-1]
    data = [
        {
            "type": "conversation",
            "id": one.id,
            "metrics_retained": one.metrics_retained,
            "deleted_at": one.deleted_at,
        }
        for one in ordered[(page - 1) * per_page : page * per_page]
    ]
    pages = link_pages(call, page=page, per_page=per_page, total=len(every))
    envelope = {"type": "conversations.list", "total_count": len(every), "pages": pages}
    return as_json({**envelope, "conversations": data})


ROUTES = (
    Route("GET", "/conversations", list_conversations),
    Route("POST", "/conversations/search", search_conversations),
    Route("GET", "/conversations/deleted", deleted_conversations),
    Route("GET", "/conversations/{conversation_id}", get_conversation),
)
