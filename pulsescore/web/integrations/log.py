"""The connection log: what happened in the last thirty days, to look through and to keep."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from pulsescore.accounts import audit
from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom import connection_log, queries
from pulsescore.connectors.intercom.models import LogEntry, Severity
from pulsescore.core.clock import utcnow
from pulsescore.web.csv_download import csv_response
from pulsescore.web.integrations.frame import frame
from pulsescore.web.integrations.narrowing import log_filters, page_number, paging_of
from pulsescore.web.pages import PageRequest, member_page

_DETAILS = ("method", "path", "status", "code", "message", "request_id", "run")


@member_page()
def log(request: PageRequest, connection_id: int) -> HttpResponse:
    """Lines of the log, narrowed by kind, severity, days and words."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    filters = log_filters(request.GET)
    found = connection_log.find(connection, filters)
    paging = paging_of(page_number(request.GET), found.count())
    context = {
        "lines": found[paging.first - 1 if paging.total else 0 : paging.last],
        "paging": paging,
        "filters": filters,
        "kinds": [("", "All kinds"), *connection_log.KINDS],
        "severities": [("", "Any severity"), *Severity.choices],
        "narrowed": any(
            request.GET.get(name) for name in ("kind", "severity", "search", "from", "to")
        ),
        **frame(request, connection, "log"),
    }
    return render(request, "integrations/log.html", context)


@member_page(role=Role.ADMIN)
def log_csv(request: PageRequest, connection_id: int) -> StreamingHttpResponse:
    """The same lines as a file."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    found = connection_log.find(connection, log_filters(request.GET))
    audit.record_by(
        request.actor,
        "export.connection_log",
        subject=f"connection:{connection.pk}",
        details={"count": found.count()},
        now=utcnow(),
    )
    header = ("at", "severity", "kind", "what", *_DETAILS)
    return csv_response(f"log-{connection.workspace_id}.csv", header, _rows(found))


def _rows(found: QuerySet[LogEntry]) -> Iterator[tuple[object, ...]]:
    for line in found.iterator(chunk_size=500):
        details = (line.details.get(name) for name in _DETAILS)
        yield line.at.isoformat(), line.severity, line.kind, line.message, *details
