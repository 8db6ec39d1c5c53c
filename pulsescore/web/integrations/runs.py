"""Runs of a connection: the list, one of them, and what they skipped."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from pulsescore.accounts import audit
from pulsescore.connectors.intercom import connection_log, queries
from pulsescore.connectors.intercom.addresses import record_url
from pulsescore.connectors.intercom.connection_log import LogFilters
from pulsescore.connectors.intercom.findings import findings_of, refusals_of, refused_in_words
from pulsescore.connectors.intercom.models import Connection, RunKind, RunStatus, SyncRun
from pulsescore.core.clock import utcnow
from pulsescore.store import queries as store
from pulsescore.store.models import HeldRecord
from pulsescore.web import words
from pulsescore.web.csv_download import csv_response
from pulsescore.web.integrations.frame import frame
from pulsescore.web.integrations.narrowing import page_number, paging_of
from pulsescore.web.integrations.phases import phases_of
from pulsescore.web.pages import PageRequest, member_page, partial
from pulsescore.web.shell.progress import tell

CALLS_SHOWN = 20
KINDS = (("customer", "Contacts"), ("conversation", "Conversations"), ("company", "Companies"))


@member_page()
def runs(request: PageRequest, connection_id: int) -> HttpResponse:
    """All runs, newest first."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    found = queries.list_runs(connection)
    kind, status = request.GET.get("kind", ""), request.GET.get("status", "")
    if kind in RunKind.values:
        found = found.filter(kind=kind)
    if status in RunStatus.values:
        found = found.filter(status=status)
    paging = paging_of(page_number(request.GET), found.count())
    context = {
        "runs": found[paging.first - 1 if paging.total else 0 : paging.last],
        "paging": paging,
        "kind": kind,
        "kinds": RunKind.choices,
        "status": status,
        **frame(request, connection, "runs"),
    }
    return partial(request, "integrations/runs.html", "integrations/runs_list.html", context)


@member_page()
def run_page(request: PageRequest, connection_id: int, run_id: int) -> HttpResponse:
    """One run: how far it came, what it skipped, what failed."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    sync_run = queries.get_run(connection, run_id)
    context = {**_told(connection, sync_run), **frame(request, connection, "runs")}
    return partial(request, "integrations/run.html", "integrations/run_progress.html", context)


@member_page()
def skipped(request: PageRequest, connection_id: int) -> HttpResponse:
    """What could not enter yet, and why."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    kind, reason = request.GET.get("kind", ""), request.GET.get("reason", "")
    found = _held(connection, kind, reason)
    paging = paging_of(page_number(request.GET), found.count())
    shown = found[paging.first - 1 if paging.total else 0 : paging.last]
    context = {
        "records": [(one, record_url(connection, one.kind, one.external_id)) for one in shown],
        "paging": paging,
        "kind": kind,
        "kinds": KINDS,
        "reason": reason,
        "reasons": list(words.HELD.items()),
        "summary": held_summary(connection),
        **frame(request, connection, "runs"),
    }
    return render(request, "integrations/skipped.html", context)


@member_page()
def skipped_csv(request: PageRequest, connection_id: int) -> StreamingHttpResponse:
    """The same as a file."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    found = _held(connection, request.GET.get("kind", ""), request.GET.get("reason", ""))
    audit.record_by(
        request.actor,
        "export.skipped",
        subject=f"connection:{connection.pk}",
        details={"count": found.count()},
        now=utcnow(),
    )
    header = ("kind", "intercom_id", "reason", "in_words", "detail", "since", "link")
    return csv_response(f"skipped-{connection.workspace_id}.csv", header, _rows(connection, found))


def held_summary(connection: Connection) -> list[dict[str, Any]]:
    """How many wait, by kind and reason."""
    rows = store.list_held(connection.org_id, connection.source_id).order_by()
    counted = rows.values_list("kind", "reason").annotate(Count("id"))
    return [
        {"kind": kind, "reason": reason, "count": count}
        for kind, reason, count in counted.order_by("kind", "reason")
    ]


def _held(connection: Connection, kind: str, reason: str) -> QuerySet[HeldRecord]:
    known = {key for key, _label in KINDS}
    return store.list_held(
        connection.org_id,
        connection.source_id,
        kind=kind if kind in known else None,
        reason=reason if reason in words.HELD else None,
    )


def _rows(connection: Connection, found: QuerySet[HeldRecord]) -> Iterator[tuple[object, ...]]:
    for one in found.iterator(chunk_size=500):
        told = words.HELD.get(one.reason, one.reason)
        link = record_url(connection, one.kind, one.external_id)
        since = one.held_at.isoformat()
        yield one.kind, one.external_id, one.reason, told, one.detail, since, link


def _told(connection: Connection, sync_run: SyncRun) -> dict[str, Any]:
    failed_calls = connection_log.find(
        connection,
        LogFilters(
            kind=connection_log.CALL,
            since=sync_run.started_at or sync_run.created_at,
            until=sync_run.finished_at,
        ),
    )
    awaiting = queries.refused_losses(connection)
    return {
        "run": sync_run,
        "phases": phases_of(
            status=sync_run.status,
            phase=sync_run.phase,
            phases=sync_run.phases,
            kind=sync_run.kind,
            scope=sync_run.scope,
        ),
        "findings": findings_of(sync_run.phases),
        "refused": refused_in_words(refusals_of(sync_run.phases)),
        "awaits_word": awaiting is not None and awaiting.run.pk == sync_run.pk,
        "line": tell(
            phase=sync_run.phase,
            phases=sync_run.phases,
            started_at=sync_run.started_at,
            now=utcnow(),
        ),
        "calls": failed_calls[:CALLS_SHOWN],
        "calls_count": failed_calls.count(),
        "summary": held_summary(connection),
    }
