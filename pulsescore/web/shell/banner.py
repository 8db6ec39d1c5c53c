"""The sync banner: shown on every page while a first sync or re-import runs, and at its end."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from pulsescore.connectors.intercom.models import (
    Connection,
    ConnectionStatus,
    RunKind,
    RunStatus,
    SyncRun,
)
from pulsescore.core.clock import utcnow
from pulsescore.web.pages import PageRequest, member_page
from pulsescore.web.shell.going_back import way_back
from pulsescore.web.shell.progress import imported_contacts, tell

SHOWN_FOR = timedelta(hours=24)
OLDEST = timedelta(days=7)
DISMISSED_KEY = "dismissed_runs"
MOST_DISMISSED = 20
ACTIVE = (RunStatus.QUEUED, RunStatus.RUNNING)


@member_page()
def banner(request: PageRequest) -> HttpResponse:
    """The banner alone, asked for when a run moved or ended."""
    return render(request, "shell/banner.html", banner_context(request, now=utcnow()))


@member_page("POST")
def dismiss(request: PageRequest, run_id: int) -> HttpResponse:
    """Take the message of a finished run away, for this session."""
    dismissed = [*request.session.get(DISMISSED_KEY, []), run_id]
    request.session[DISMISSED_KEY] = dismissed[-MOST_DISMISSED:]
    if not request.htmx:
        return redirect(way_back(request))
    return render(request, "shell/banner.html", banner_context(request, now=utcnow()))


def banner_context(request: PageRequest, *, now: datetime) -> dict[str, Any]:
    """What the banner shows: a run under way, what only a person can mend, how a run ended."""
    org_id = request.actor.org_id
    run = _newest_import(org_id, now=now)
    if run is None or run.status not in ACTIVE:
        troubled = _needing_attention(request)
        if troubled is not None:
            return {"banner_state": "attention", "banner_connection": troubled}
    if run is None or not _is_worth_showing(run, request.session.get(DISMISSED_KEY, []), now):
        return {"banner_state": ""}
    return {
        "banner_state": run.status,
        "banner_run": run,
        "banner_line": tell(phase=run.phase, phases=run.phases, started_at=run.started_at, now=now),
        "banner_contacts": imported_contacts(run.phases),
        "banner_href": reverse("intercom_run", args=[run.connection_id, run.pk]),
    }


def _needing_attention(request: PageRequest) -> Connection | None:
    """The connection that waits for a person; whole pages know already whether there is one."""
    mark = getattr(request, "mark", None)
    if mark is not None and not mark.needing_attention:
        return None
    return (
        Connection.objects.for_org(request.actor.org_id)
        .filter(status=ConnectionStatus.NEEDS_ATTENTION)
        .order_by("attention_since", "id")
        .first()
    )


def _newest_import(org_id: int, *, now: datetime) -> SyncRun | None:
    return (
        SyncRun.objects.for_org(org_id)
        .filter(kind__in=(RunKind.FULL, RunKind.RECONCILE), created_at__gte=now - OLDEST)
        .exclude(status=RunStatus.CANCELED)
        .select_related("connection")
        .order_by("-created_at", "-id")
        .first()
    )


def _is_worth_showing(run: SyncRun, dismissed: list[int], now: datetime) -> bool:
    if run.status in ACTIVE:
        return True
    recent = run.finished_at is not None and now - run.finished_at < SHOWN_FOR
    return recent and run.pk not in dismissed
