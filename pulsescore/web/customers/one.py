"""The page of one customer."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render

from pulsescore.connectors.intercom import queries as intercom
from pulsescore.connectors.intercom.models import Connection
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Invalid
from pulsescore.scoring import queries as scoring
from pulsescore.store import actions, queries
from pulsescore.store.models import Conversation, Customer
from pulsescore.web.customers.doors import DOORS, SHOWN, Shown
from pulsescore.web.customers.history import history_chart
from pulsescore.web.forms import whole_number
from pulsescore.web.integrations.wording import contact_url, conversation_url
from pulsescore.web.pages import PageRequest, member_page
from pulsescore.web.paging import Paging

WEEK = timedelta(days=7)
PER_PAGE = 20
SPANS = (30, 90)
TABS = ("conversations", "timeline", "attributes", "notes")


@member_page()
def customer(request: PageRequest, customer_id: int) -> HttpResponse:
    """Score and why, history, conversations, timeline, attributes, notes."""
    return _show(request, queries.get_customer(request.actor.org_id, customer_id))


@member_page("POST")
def add_note(request: PageRequest, customer_id: int) -> HttpResponse:
    """Write a note for the team."""
    person = queries.get_customer(request.actor.org_id, customer_id)
    body = request.POST.get("body", "")
    try:
        actions.add_note(request.actor, customer_id=customer_id, body=body, now=utcnow())
    except Invalid as error:
        fault = error.faults[0].message
        return _show(request, person, tab="notes", note=body, note_fault=fault)
    messages.success(request, "Note added.")
    return redirect(f"{request.path.removesuffix('/notes')}?tab=notes#tabs")


@member_page("POST")
def delete_note(request: PageRequest, customer_id: int, note_id: int) -> HttpResponse:
    """Delete a note: one's own, or as admin anybody's."""
    actions.delete_note(request.actor, note_id=note_id, now=utcnow())
    messages.success(request, "Note deleted.")
    return redirect("customer", customer_id)


def _show(request: PageRequest, person: Customer, *, tab: str = "", **extra: Any) -> HttpResponse:
    org_id, now = request.actor.org_id, utcnow()
    tab = tab or request.GET.get("tab", "")
    tab = tab if tab in TABS else TABS[0]
    connection = _connection_of(person)
    explanation = scoring.get_explanation(org_id, person.pk, since=now - WEEK)
    context = {
        "customer": person,
        "connection": connection,
        "contact_url": contact_url(connection, person.external_id) if connection else "",
        "health": explanation.health,
        "explanation": explanation,
        "factors": [(row, DOORS[row.key]) for row in explanation.health.factors],
        "companies": queries.list_companies_of(org_id, person.pk),
        "open_count": queries.count_open_conversations(org_id, person.pk),
        "tab": tab,
        "tabs": TABS,
        **_history(request, person, now),
        **_TAB_CONTEXT[tab](request, person, connection),
        **extra,
    }
    status = 422 if "note_fault" in extra else 200
    return render(request, "customers/customer.html", context, status=status)


def _history(request: PageRequest, person: Customer, now: datetime) -> dict[str, Any]:
    days = whole_number(request.GET.get("days", ""), SPANS[0])
    days = days if days in SPANS else SPANS[0]
    org_id = request.actor.org_id
    config, _version = scoring.get_config(org_id)
    points = scoring.score_history(org_id, person.pk, now - timedelta(days=days), now)
    chart = history_chart(points, yellow=config.yellow, green=config.green, until=now.date())
    return {"days": days, "spans": SPANS, "points": points, "history_chart": chart}


def _conversations(
    request: PageRequest, person: Customer, connection: Connection | None
) -> dict[str, Any]:
    shown: Shown = SHOWN.get(request.GET.get("show", ""), SHOWN[""])
    found = queries.list_conversations(request.actor.org_id, person.pk).filter(**shown.narrowing)
    rows, paging = _cut(request, found)
    names = intercom.directory_names(connection, "admin") if connection else {}
    return {
        "conversations": [_conversation(row, connection, names) for row in rows],
        "paging": paging,
        "show": request.GET.get("show", ""),
        "shown": SHOWN,
    }


def _conversation(
    row: Conversation, connection: Connection | None, names: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "row": row,
        "url": conversation_url(connection, row.external_id) if connection else "",
        "assignee": names.get(row.assignee_external_id or "", ""),
    }


def _timeline(
    request: PageRequest, person: Customer, _connection: Connection | None
) -> dict[str, Any]:
    org_id, name = request.actor.org_id, request.GET.get("event", "")
    rows, paging = _cut(request, queries.list_events(org_id, person.pk, name=name or None))
    names = queries.list_event_names(org_id, person.pk)
    return {"events": rows, "paging": paging, "event": name, "event_names": names}


def _attributes(
    _request: PageRequest, person: Customer, _connection: Connection | None
) -> dict[str, Any]:
    groups = [("Custom attributes in Intercom", person.metadata), ("Other", person.attributes)]
    return {"attribute_groups": [(title, values) for title, values in groups if values]}


def _notes(
    request: PageRequest, person: Customer, _connection: Connection | None
) -> dict[str, Any]:
    return {"notes": queries.list_notes(request.actor.org_id, person.pk)}


_TAB_CONTEXT = {
    "conversations": _conversations,
    "timeline": _timeline,
    "attributes": _attributes,
    "notes": _notes,
}


def _cut(request: PageRequest, found: QuerySet[Any]) -> tuple[list[Any], Paging]:
    page = whole_number(request.GET.get("page", ""), 1, most=100_000)
    start = (page - 1) * PER_PAGE
    return list(found[start : start + PER_PAGE]), Paging(page, PER_PAGE, found.count())


def _connection_of(person: Customer) -> Connection | None:
    connections = intercom.list_connections(person.org_id)
    return next((one for one in connections if one.source_id == person.source_id), None)
