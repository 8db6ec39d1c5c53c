"""One endpoint of outgoing webhooks: its form, its secret, what was delivered."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from pulsescore.accounts.models import Role
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Invalid
from pulsescore.delivery import actions, queries
from pulsescore.delivery.events import SUBSCRIBABLE
from pulsescore.delivery.models import WebhookEndpoint
from pulsescore.pipeline import trials
from pulsescore.web.forms import by_field, whole_number
from pulsescore.web.outgoing.lines import delivery_lines, host_of
from pulsescore.web.pages import PageRequest, member_page
from pulsescore.web.paging import Paging

PER_PAGE = 25
BLANK: dict[str, Any] = {
    "url": "",
    "description": "",
    "events": ["alert.fired", "alert.resolved"],
    "enabled": True,
}


@member_page("GET", "POST", role=Role.ADMIN)
def new(request: PageRequest) -> HttpResponse:
    """Add an endpoint; its secret is shown this once."""
    if request.method != "POST":
        return _show(request, None, BLANK)
    given = _given(request)
    try:
        made, secret = actions.save_endpoint(request.actor, **given, now=utcnow())
    except Invalid as error:
        return _show(request, None, given, faults=by_field(error), status=422)
    return _show(request, made, given, secret=secret, is_new=True)


@member_page("GET", "POST", role=Role.ADMIN)
def endpoint(request: PageRequest, endpoint_id: int) -> HttpResponse:
    """Show and change an endpoint."""
    row = queries.get_endpoint(request.actor.org_id, endpoint_id)
    if request.method != "POST":
        return _show(request, row, _as_values(row))
    given = _given(request)
    try:
        actions.save_endpoint(request.actor, endpoint_id=endpoint_id, **given, now=utcnow())
    except Invalid as error:
        return _show(request, row, given, faults=by_field(error), status=422)
    messages.success(request, "The endpoint is saved.")
    return redirect("endpoint", endpoint_id)


@member_page("POST", role=Role.ADMIN)
def rotate(request: PageRequest, endpoint_id: int) -> HttpResponse:
    """Another secret, shown this once; the former signs too for a day."""
    row, secret = actions.rotate_secret(request.actor, endpoint_id=endpoint_id, now=utcnow())
    return _show(request, row, _as_values(row), secret=secret)


@member_page("POST", role=Role.ADMIN)
def test(request: PageRequest, endpoint_id: int) -> HttpResponse:
    """Send a signed test event."""
    trials.test_endpoint(request.actor, endpoint_id=endpoint_id, now=utcnow())
    messages.success(request, "A test is on its way; the deliveries below tell what came of it.")
    return redirect("endpoint", endpoint_id)


@member_page("GET", "POST", role=Role.ADMIN)
def delete(request: PageRequest, endpoint_id: int) -> HttpResponse:
    """Ask, then delete."""
    row = queries.get_endpoint(request.actor.org_id, endpoint_id)
    if request.method != "POST":
        context = {"section": "webhooks", "endpoint": row, "host": host_of(row.url)}
        return render(request, "outgoing/endpoint_delete.html", context)
    actions.delete_endpoint(request.actor, endpoint_id=endpoint_id, now=utcnow())
    messages.success(request, f"The endpoint at {host_of(row.url)} is deleted.")
    return redirect("outgoing")


def _show(
    request: PageRequest,
    row: WebhookEndpoint | None,
    values: dict[str, Any],
    *,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    context: dict[str, Any] = {
        "section": "webhooks",
        "endpoint": row,
        "host": host_of(row.url) if row else "",
        "values": values,
        "faults": {},
        "events": [(key, text, key in values["events"]) for key, text in SUBSCRIBABLE.items()],
        "may_retry": True,
        **extra,
    }
    if row is not None:
        context |= _deliveries(request, row)
    return render(request, "outgoing/endpoint.html", context, status=status)


def _deliveries(request: PageRequest, row: WebhookEndpoint) -> dict[str, Any]:
    rows = queries.list_deliveries(request.actor.org_id, endpoint=row.pk)
    total = rows.count()
    pages = Paging(page=1, per_page=PER_PAGE, total=total).pages
    number = whole_number(request.GET.get("page", ""), 1, most=pages)
    start = (number - 1) * PER_PAGE
    return {
        "deliveries": delivery_lines(rows[start : start + PER_PAGE]),
        "page": Paging(page=number, per_page=PER_PAGE, total=total),
    }


def _given(request: HttpRequest) -> dict[str, Any]:
    return {
        "url": request.POST.get("url", ""),
        "description": request.POST.get("description", ""),
        "events": request.POST.getlist("events"),
        "enabled": request.POST.get("enabled") == "1",
    }


def _as_values(row: WebhookEndpoint) -> dict[str, Any]:
    return {
        "url": row.url,
        "description": row.description,
        "events": row.events,
        "enabled": row.enabled,
    }
