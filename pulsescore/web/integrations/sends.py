"""Send runs of a connection: the list, one of them, and stopping it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom import queries
from pulsescore.connectors.intercom.models import Connection
from pulsescore.connectors.intercom.outbound.queries import (
    WriteFilters,
    get_send_run,
    list_send_runs,
    list_writes,
    retried,
)
from pulsescore.connectors.intercom.outbound.run_models import SendRun
from pulsescore.connectors.intercom.outbound.settings import settings_of
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Conflict
from pulsescore.pipeline import sending as pipeline
from pulsescore.web.integrations.exchange_words import send_line
from pulsescore.web.integrations.frame import frame
from pulsescore.web.integrations.narrowing import page_number, paging_of
from pulsescore.web.integrations.write_lines import write_lines
from pulsescore.web.pages import PageRequest, member_page, partial

WRITES_SHOWN = 10
RETRIED_SHOWN = 10


@member_page()
def sends(request: PageRequest, connection_id: int) -> HttpResponse:
    """All send runs, newest first."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    found = list_send_runs(connection)
    paging = paging_of(page_number(request.GET), found.count())
    start = paging.first - 1 if paging.total else 0
    context = {
        "runs": [(one, send_line(one)) for one in found[start : paging.last]],
        "paging": paging,
        **frame(request, connection, "sending"),
    }
    return partial(request, "integrations/sends.html", "integrations/sends_list.html", context)


@member_page()
def send_page(request: PageRequest, connection_id: int, run_id: int) -> HttpResponse:
    """One send run: how far it is, what came of it, what it wrote."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    run = get_send_run(connection, run_id)
    context = {**_told(connection, run), **frame(request, connection, "sending")}
    return partial(request, "integrations/send.html", "integrations/send_progress.html", context)


@member_page("POST", role=Role.ADMIN)
def stop(request: PageRequest, connection_id: int, run_id: int) -> HttpResponse:
    """Send nobody more for this run."""
    try:
        run = pipeline.stop_send(
            request.actor, connection_id=connection_id, run_id=run_id, now=utcnow()
        )
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Stopped; {run.left:,} of this run are not sent.")
    return redirect("intercom_send_run", connection_id, run_id)


def _told(connection: Connection, run: SendRun) -> dict[str, Any]:
    written = list_writes(connection, WriteFilters(run_id=run.pk))
    failing = retried(run)
    return {
        "run": run,
        "line": send_line(run),
        "outbound": settings_of(connection),
        "lines": write_lines(written[:WRITES_SHOWN]),
        "writes_count": written.count(),
        "retried": failing.select_related("customer", "company")[:RETRIED_SHOWN],
        "retried_count": failing.count(),
    }
