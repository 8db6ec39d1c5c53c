"""What a connection sends: settings, how it stands, what was written, what was refused."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from pulsescore.connectors.intercom import queries
from pulsescore.connectors.intercom.models import Connection, Mode
from pulsescore.connectors.intercom.outbound.queries import (
    WriteFilters,
    list_send_runs,
    list_withheld,
    list_writes,
    progress_of,
    refused_tasks,
    untagged_segments,
)
from pulsescore.connectors.intercom.outbound.settings import settings_of
from pulsescore.core.clock import utcnow
from pulsescore.segments.catalogue import offered_events
from pulsescore.segments.queries import list_segments
from pulsescore.web.forms import whole_number
from pulsescore.web.integrations.exchange import exchange_rows, may_fetch
from pulsescore.web.integrations.frame import frame
from pulsescore.web.integrations.sending_form import SendingForm, stored_form
from pulsescore.web.integrations.write_lines import refused_lines, write_lines
from pulsescore.web.pages import PageRequest, member_page
from pulsescore.web.paging import Paging

PER_PAGE = 50
SHOWN = 8
EVENTS_OFFERED = 60


@member_page()
def sending(request: PageRequest, connection_id: int) -> HttpResponse:
    """How sending stands; a read-only connection says what two-way would allow."""
    return page(request, queries.get_connection(request.actor.org_id, connection_id))


def page(
    request: PageRequest,
    connection: Connection,
    *,
    form: SendingForm | None = None,
    faults: dict[str, str] | None = None,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page, with the form as it is kept or as it was just filled in."""
    is_two_way = connection.mode == Mode.TWO_WAY
    is_prepared = form is not None or request.GET.get("prepare") == "1"
    context: dict[str, Any] = {
        "is_two_way": is_two_way,
        "trouble": trouble,
        "faults": faults or {},
        "exchange": exchange_rows(connection),
        "may_fetch": may_fetch(connection),
        **frame(request, connection, "sending"),
    }
    if is_two_way:
        context |= _standing(connection)
    if is_two_way or (is_prepared and context["may_edit"]):
        context |= _choices(connection, form or stored_form(settings_of(connection)))
    return render(request, "integrations/sending.html", context, status=status)


@member_page()
def writes(request: PageRequest, connection_id: int) -> HttpResponse:
    """Every write, newest first, with what stood there before and what stands there since."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    customer = whole_number(request.GET.get("customer", ""), 0, least=0, most=2**63 - 1)
    run_id = whole_number(request.GET.get("run", ""), 0, least=0, most=2**63 - 1)
    failed = request.GET.get("failed") == "1"
    filters = WriteFilters(customer_id=customer or None, run_id=run_id or None, failed=failed)
    rows = list_writes(connection, filters)
    number = whole_number(request.GET.get("page", ""), 1, most=10**6)
    start = (number - 1) * PER_PAGE
    context = {
        "lines": write_lines(rows[start : start + PER_PAGE]),
        "paging": Paging(number, PER_PAGE, rows.count()),
        "narrowed": bool(customer or run_id or failed),
        "run": list_send_runs(connection).filter(pk=run_id).first() if run_id else None,
        "failed": failed,
        **frame(request, connection, "sending"),
    }
    return render(request, "integrations/writes.html", context)


@member_page()
def refused(request: PageRequest, connection_id: int) -> HttpResponse:
    """Every value that is not sent, with the reason."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    rows = list_withheld(connection)
    number = whole_number(request.GET.get("page", ""), 1, most=10**6)
    start = (number - 1) * PER_PAGE
    context = {
        "lines": refused_lines(rows[start : start + PER_PAGE]),
        "paging": Paging(number, PER_PAGE, rows.count()),
        "wholes": refused_tasks(connection).select_related("customer", "company")[:PER_PAGE],
        **frame(request, connection, "sending"),
    }
    return render(request, "integrations/refused_values.html", context)


def _standing(connection: Connection) -> dict[str, Any]:
    """How far sending is, what waits for a person, the last writes."""
    now = utcnow()
    settings = settings_of(connection)
    return {
        "outbound": settings,
        "untagged": untagged_segments(connection),
        "progress": progress_of(connection, now=now),
        "last_writes": write_lines(list_writes(connection, WriteFilters())[:SHOWN]),
        "refused_count": list_withheld(connection).count(),
        "sends_anybody": bool(
            settings.user_segments or settings.lead_segments or settings.company_segments
        ),
    }


def _choices(connection: Connection, form: SendingForm) -> dict[str, Any]:
    """What the form offers, and what is chosen."""
    org_id = connection.org_id
    known = offered_events(org_id)[:EVENTS_OFFERED]
    by_kind = {
        "user_segments": list_segments(org_id, kind="customer"),
        "company_segments": list_segments(org_id, kind="company"),
    }
    by_kind["lead_segments"] = by_kind["user_segments"]
    return {
        "form": form,
        "lists": [
            (name, title, hint, [(one, one.pk in form.segments[name]) for one in by_kind[name]])
            for name, title, hint in _LISTS
        ],
        "events_known": [(one, one in form.named) for one in known],
        "events_written": "\n".join(one for one in form.named if one not in known),
    }


_LISTS = (
    ("user_segments", "Send as users", "Their members become users in Intercom."),
    ("lead_segments", "Send as leads", "Who is a user there already stays one."),
    ("company_segments", "Send companies", "Segments of companies."),
)
