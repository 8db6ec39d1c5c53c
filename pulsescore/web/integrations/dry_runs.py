"""A dry run: what would be written, read as a diff before anything leaves.

Few are compared while one waits; of very many the worker makes it, and the page shows how far.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from pulsescore.accounts import audit
from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom import queries
from pulsescore.connectors.intercom.models import Connection, Mode
from pulsescore.connectors.intercom.outbound import dry_runs
from pulsescore.connectors.intercom.outbound.dry_run import PlannedWrite, Walk, is_quick, plan
from pulsescore.connectors.intercom.outbound.settings import settings_of
from pulsescore.core.clock import utcnow
from pulsescore.pipeline import sending as pipeline
from pulsescore.segments.queries import list_segments
from pulsescore.web.csv_download import csv_response
from pulsescore.web.forms import whole_number
from pulsescore.web.integrations.frame import frame
from pulsescore.web.integrations.narrowing import page_number, paging_of
from pulsescore.web.integrations.write_lines import planned_lines
from pulsescore.web.pages import PageRequest, member_page, partial

_MOST = 2**63 - 1
_HEADER = ("id", "kind", "title", "action", "role", "attribute", "before", "after")


@member_page(role=Role.ADMIN)
def dry_run(request: PageRequest, connection_id: int) -> HttpResponse:
    """Everybody chosen, one segment or one customer, compared with Intercom's last word."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    segment, customer = _wanted(request.GET.get("segment")), _wanted(request.GET.get("customer"))
    settings = settings_of(connection)
    chosen = {*settings.user_segments, *settings.lead_segments}
    if customer is not None or is_quick(connection, segment):
        told = _at_once(connection, segment, customer)
    else:
        told = _kept(request, connection, segment)
    context = {
        **told,
        "customer": customer or 0,
        "segment": str(segment or ""),
        "segments": [
            ("", "Everybody chosen"),
            *(
                (str(one.pk), one.name)
                for one in list_segments(connection.org_id, kind="customer")
                if one.pk in chosen or one.pk == segment
            ),
        ],
        "is_two_way": connection.mode == Mode.TWO_WAY,
        "outbound": settings,
        **frame(request, connection, "sending"),
    }
    return partial(
        request, "integrations/dry_run.html", "integrations/dry_run_result.html", context
    )


@member_page("POST", role=Role.ADMIN)
def make(request: PageRequest, connection_id: int) -> HttpResponse:
    """Have the worker make one."""
    segment = _wanted(request.POST.get("segment"))
    pipeline.request_dry_run(
        request.actor, connection_id=connection_id, segment_id=segment, now=utcnow()
    )
    address = reverse("intercom_dry_run", args=[connection_id])
    return redirect(f"{address}?segment={segment}" if segment else address)


@member_page(role=Role.ADMIN)
def as_csv(request: PageRequest, connection_id: int) -> StreamingHttpResponse:
    """The same as a file, a row for each value."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    segment = _wanted(request.GET.get("segment"))
    kept = None if is_quick(connection, segment) else dry_runs.newest(connection, segment)
    if kept is not None:
        lines = dry_runs.lines_of(kept).iterator(chunk_size=500)
        writes: Iterable[PlannedWrite] = (dry_runs.write_of(one) for one in lines)
    else:
        walk = Walk(connection, settings_of(connection), segment=segment)
        writes = (one for fresh in walk.steps() for one in fresh)
    audit.record_by(
        request.actor,
        "export.dry_run",
        subject=f"connection:{connection.pk}",
        details={"segment": segment},
        now=utcnow(),
    )
    return csv_response(f"dry-run-{connection.workspace_id}.csv", _HEADER, _rows(writes))


def _wanted(text: str | None) -> int | None:
    return whole_number(text or "", 0, least=0, most=_MOST) or None


def _at_once(connection: Connection, segment: int | None, customer: int | None) -> dict[str, Any]:
    made = plan(connection.org_id, connection.pk, segment=segment, customer=customer)
    return {"plan": made, "lines": planned_lines(made.writes)}


def _kept(request: PageRequest, connection: Connection, segment: int | None) -> dict[str, Any]:
    """The last dry run that the worker made, or how far it is."""
    run = dry_runs.newest(connection, segment)
    if run is None or run.state != "done":
        return {"run": run, "is_large": True}
    found = dry_runs.lines_of(run)
    paging = paging_of(page_number(request.GET), found.count())
    start = paging.first - 1 if paging.total else 0
    writes = [dry_runs.write_of(one) for one in found[start : paging.last]]
    return {
        "run": run,
        "is_large": True,
        "stale": dry_runs.why_stale(run),
        "plan": dry_runs.plan_of(run, writes),
        "lines": planned_lines(writes),
        "paging": paging,
    }


def _rows(writes: Iterable[PlannedWrite]) -> Iterator[tuple[object, ...]]:
    for one in writes:
        kind = "company" if one.company_id else "customer"
        about = (one.company_id or one.customer_id, kind, one.title, one.action, one.role or "")
        values = [(at.name, at.before, at.after) for at in one.changes]
        values += [("tag", "", name) for name in one.tags_added]
        values += [("tag", name, "") for name in one.tags_removed]
        for value in values or [("", "", "")]:
            yield (*about, *value)
