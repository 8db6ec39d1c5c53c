"""The page of one customer, whole or a part of it."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom import queries as intercom
from pulsescore.connectors.intercom.addresses import contact_url
from pulsescore.connectors.intercom.models import Connection, ConnectionStatus
from pulsescore.connectors.intercom.names import names_of
from pulsescore.core.clock import utcnow
from pulsescore.scoring import queries as scoring
from pulsescore.segments.queries import segments_of
from pulsescore.store import queries
from pulsescore.store.models import Customer
from pulsescore.store.source_segments import names_by_customer
from pulsescore.web.alerts.views import open_alerts
from pulsescore.web.customers import intercom_acts, tabs
from pulsescore.web.customers.addresses import address_of, merged_query
from pulsescore.web.customers.changes import headline, lines_of, parts_of, turn_in_words
from pulsescore.web.customers.doors import door_of
from pulsescore.web.customers.history import history_chart
from pulsescore.web.customers.overriding import override_form
from pulsescore.web.customers.shown import Shown
from pulsescore.web.forms import whole_number
from pulsescore.web.pages import PageRequest, member_page

SPANS = (30, 90)
SINCE = (1, 7, 30)
TURNS_SHOWN = 6
KNOWN_HEADER = "Pulse-Known"


@member_page()
def customer(request: PageRequest, customer_id: int) -> HttpResponse:
    """Score and why, history, and what is known about the person in tabs."""
    return show(request, queries.get_customer(request.actor.org_id, customer_id))


def show(
    request: PageRequest,
    person: Customer,
    *,
    tab: str = "",
    status: int = 200,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """Render the page, or the part that htmx asked for; nothing where the part is known."""
    part = _part_asked_for(request)
    # Links and marks within the part are those of the whole address.
    request.GET = merged_query(request, part, request.htmx.current_url)  # type: ignore[assignment]
    shown, address = _shown(request, person), address_of(request)
    context: dict[str, Any] = {"customer": person, "address": address}
    if part != "tabs":
        context |= _standing(request, shown)
    if part != "now":
        context |= tabs.read(request, shown, tab) | (extra or {})
    if part and request.headers.get(KNOWN_HEADER) == context[f"{part}_mark"]:
        return HttpResponse(status=204)
    if not part:
        context |= _header(request, shown) | open_alerts(request, person.pk)
    template = f"customers/{part}.html" if part else "customers/customer.html"
    response = render(request, template, context, status=status)
    response["Vary"] = "HX-Request, HX-Target, HX-Current-URL, Cookie"
    if part and request.htmx.boosted:
        response["HX-Push-Url"] = address
    return response


def _part_asked_for(request: PageRequest) -> str:
    target = request.htmx.target if request.htmx else None
    known = target in ("now", "tabs") and not request.htmx.history_restore_request
    return target if known and target else ""


def _shown(request: PageRequest, person: Customer) -> Shown:
    org_id, now = request.actor.org_id, utcnow()
    connections = intercom.list_connections(org_id)
    days = whole_number(request.GET.get("days", ""), SPANS[0])
    since = whole_number(request.GET.get("since", ""), 7)
    days, since = days if days in SPANS else SPANS[0], since if since in SINCE else 7
    standing = scoring.get_standing(
        person, start=now - timedelta(days=days), since=now - timedelta(days=since)
    )
    at = standing.health.calculated_at or now
    return Shown(
        person=person,
        connection=_connection_of(person, connections),
        standing=standing,
        names=names_of(org_id, "admin", "team"),
        companies=scoring.list_companies_of(org_id, person.pk),
        counts=scoring.count_conversations(org_id, person.pk, at=at),
        segments=names_by_customer(org_id, [person.pk]).get(person.pk, []),
        at=at,
        now=now,
        days=days,
        since=since,
    )


def _connection_of(person: Customer, connections: list[Connection]) -> Connection | None:
    return next((one for one in connections if one.source_id == person.source_id), None)


def _standing(request: PageRequest, shown: Shown) -> dict[str, Any]:
    standing, health = shown.standing, shown.standing.health
    moved = standing.moved
    doors = {row.key: door_of(row.key, getattr(shown.counts, row.key)) for row in health.factors}
    lines = lines_of(health.factors, doors, halves=health.config.halves)
    total = round(sum(line.points for line in lines), 1)
    by_factors = (health.score or 0) - sum(row.points for row in health.adjustments)
    return {
        "health": health,
        "lines": lines,
        "total": total,
        "by_factors": by_factors,
        "rounding": None if health.score is None else round(by_factors - total, 1),
        "moved": moved,
        "headline": headline(moved, wanted=timedelta(days=shown.since), now=shown.now)
        if moved
        else "",
        "parts": parts_of(moved.changes, total=moved.by) if moved and moved.by else [],
        "since": shown.since,
        "since_choices": SINCE,
        "companies": shown.companies,
        "counts": shown.counts,
        "source_segments": shown.segments,
        "segments": segments_of(request.actor.org_id, shown.person.pk),
        "now_mark": _mark(request, shown),
        **_history(shown),
    }


def _mark(request: PageRequest, shown: Shown) -> str:
    """Names what is shown, of which address: links within the part send it, too."""
    changed_at = max(shown.at, shown.person.updated_at).timestamp()
    return f"{request.GET.urlencode()}/{changed_at}"


def _history(shown: Shown) -> dict[str, Any]:
    start = (shown.now - timedelta(days=shown.days)).date()
    turns = [(turn, turn_in_words(turn)) for turn in reversed(shown.standing.turns)]
    return {
        "days": shown.days,
        "spans": SPANS,
        "chart": history_chart(shown.standing, start=start, until=shown.now.date()),
        "turns": turns[:TURNS_SHOWN],
        "more_turns": turns[TURNS_SHOWN:],
    }


def _header(request: PageRequest, shown: Shown) -> dict[str, Any]:
    person, connection = shown.person, shown.connection
    return {
        "contact_url": contact_url(connection, person.external_id) if connection else "",
        "is_connected": connection is not None
        and connection.status != ConnectionStatus.DISCONNECTED,
        "owner": shown.names["admin"].get(person.owner_external_id or "", ""),
        "may_erase": request.actor.allows(Role.ADMIN),
        "full_name": person.name or person.email or "Nameless",
        **override_form(shown.standing.health.override),
        **intercom_acts.context_of(request, shown),
    }
