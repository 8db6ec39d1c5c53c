"""What a connection sends: how it stands, what was written, what was refused."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from pulsescore.connectors.intercom import queries
from pulsescore.connectors.intercom.models import Connection, Mode
from pulsescore.connectors.intercom.outbound import outbox
from pulsescore.connectors.intercom.outbound.models import WithheldValue, WriteRecord
from pulsescore.connectors.intercom.outbound.settings import settings_of
from pulsescore.web.forms import whole_number
from pulsescore.web.integrations.frame import frame
from pulsescore.web.integrations.write_words import DiffLine, diff_lines, kind_words, shown
from pulsescore.web.pages import PageRequest, member_page
from pulsescore.web.paging import Paging

PER_PAGE = 50
SHOWN = 8


@member_page()
def sending(request: PageRequest, connection_id: int) -> HttpResponse:
    """How sending stands; a read-only connection says what two-way would allow."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    context = {"is_two_way": connection.mode == Mode.TWO_WAY}
    if connection.mode == Mode.TWO_WAY:
        context |= standing(connection)
    context |= frame(request, connection, "sending")
    return render(request, "integrations/sending.html", context)


@member_page()
def writes(request: PageRequest, connection_id: int) -> HttpResponse:
    """Every write, newest first, with what stood there before and what stands there since."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    rows = _writes(connection)
    customer = whole_number(request.GET.get("customer", ""), 0, least=0, most=2**63 - 1)
    if customer:
        rows = rows.filter(customer_id=customer)
    number = whole_number(request.GET.get("page", ""), 1, most=10**6)
    start, total = (number - 1) * PER_PAGE, rows.count()
    context = {
        "lines": write_lines(rows[start : start + PER_PAGE]),
        "paging": Paging(number, PER_PAGE, total),
        "narrowed": bool(customer),
        **frame(request, connection, "sending"),
    }
    return render(request, "integrations/writes.html", context)


@member_page()
def refused(request: PageRequest, connection_id: int) -> HttpResponse:
    """Every value that is not sent, with the reason."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    rows = _withheld(connection)
    number = whole_number(request.GET.get("page", ""), 1, most=10**6)
    start = (number - 1) * PER_PAGE
    context = {
        "lines": refused_lines(rows[start : start + PER_PAGE]),
        "paging": Paging(number, PER_PAGE, rows.count()),
        **frame(request, connection, "sending"),
    }
    return render(request, "integrations/refused_values.html", context)


def standing(connection: Connection) -> dict[str, Any]:
    """The outbox, what waits for a person, the last writes and what was refused."""
    withheld = _withheld(connection)
    return {
        "outbound": settings_of(connection),
        "queue": outbox.counts(connection),
        "last_writes": write_lines(_writes(connection)[:SHOWN]),
        "refused_count": withheld.count(),
        "refused_values": refused_lines(withheld[:SHOWN]),
    }


def write_lines(rows: QuerySet[WriteRecord]) -> list[dict[str, Any]]:
    """Writes as a page shows them."""
    return [
        {
            "row": row,
            "words": kind_words(row.kind),
            "about": row.customer or row.company,
            "diff": _diff(row),
        }
        for row in rows
    ]


def refused_lines(rows: QuerySet[WithheldValue]) -> list[dict[str, Any]]:
    """Values that are not sent, as a page shows them."""
    return [
        {
            "row": row,
            "about": row.customer or row.company,
            "name": row.key.removeprefix("custom_attributes."),
            "value": shown(row.value),
        }
        for row in rows
    ]


def _diff(row: WriteRecord) -> list[DiffLine]:
    return diff_lines(row.before, row.after)


def _writes(connection: Connection) -> QuerySet[WriteRecord]:
    rows = WriteRecord.objects.for_org(connection.org_id).filter(connection=connection)
    return rows.select_related("customer", "company", "undone_by").order_by("-at", "-id")


def _withheld(connection: Connection) -> QuerySet[WithheldValue]:
    rows = WithheldValue.objects.for_org(connection.org_id).filter(connection=connection)
    return rows.select_related("customer", "company").order_by("-at", "-id")
