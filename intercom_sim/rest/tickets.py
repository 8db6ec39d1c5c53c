"""Searching tickets: the conversations that were made tickets, as tickets."""

from intercom_sim.model import Conversation
from intercom_sim.rest.call import Call, Reply, Route, as_json, number
from intercom_sim.rest.site import Site
from intercom_sim.search.cursor import decode
from intercom_sim.search.engine import Sort, parse_sort
from intercom_sim.search.paging import Rows, cut
from intercom_sim.search.query import parse
from intercom_sim.shapes.contact import contact_reference
from intercom_sim.shapes.people import Json
from intercom_sim.workspace import Workspace

LISTED, MOST = 20, 150
LATEST = Sort("updated_at", descending=True)


def search_tickets(site: Site, call: Call) -> Reply:
    """Tickets by the fields that they share with conversations."""
    fields = call.fields()
    pagination = fields.get("pagination") or {}
    per_page = number(pagination.get("per_page"), "per_page", default=LISTED, most=MOST)
    sort = parse_sort(fields.get("sort"), default=LATEST)
    node = parse(fields.get("query"))
    found = site.conversation_engine.find(node, sort=sort, version=site.workspace.version)
    rows = [
        row
        for row in (found.rows[place] for place in range(found.start, found.stop))
        if row[2].ticket is not None
    ]
    page = cut(
        Rows(rows, 0, len(rows)),
        per_page=per_page,
        after=decode(pagination.get("starting_after")),
        descending=sort.descending,
    )
    tickets = [_ticket_json(one, workspace=site.workspace) for one in page.items]
    envelope = {"type": "ticket.list", "pages": page.pages, "total_count": page.total}
    return as_json({**envelope, "tickets": tickets})


def _ticket_json(conversation: Conversation, *, workspace: Workspace) -> Json:
    ticket = conversation.ticket
    if ticket is None:
        raise ValueError(f"conversation {conversation.id} is no ticket")
    people = [workspace.person(one) for one in conversation.contact_ids]
    return {
        "type": "ticket",
        "id": conversation.id,
        "ticket_id": ticket.ticket_id,
        "category": ticket.category,
        "ticket_attributes": {"_default_title_": ticket.title},
        "contacts": {
            "type": "contact.list",
            "contacts": [contact_reference(one) for one in people],
        },
        "created_at": conversation.created_at,
        "updated_at": conversation.updated_at,
        "open": conversation.state != "closed",
        "is_shared": True,
    }


ROUTES = (Route("POST", "/tickets/search", search_tickets),)
