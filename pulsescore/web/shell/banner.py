"""The sync banner: shown on every page while a first sync or re-import runs, and at its end."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from pulsescore.connectors.intercom.models import RunKind, RunStatus, SyncRun
from pulsescore.core.clock import utcnow
from pulsescore.web.pages import PageRequest, member_page
from pulsescore.web.shell.progress import imported_contacts, tell

SHOWN_FOR = timedelta(hours=24)
OLDEST = timedelta(days=7)
DISMISSED_KEY = "dismissed_runs"
MOST_DISMISSED = 20
ACTIVE = (RunStatus.QUEUED, RunStatus.RUNNING)
FIGURES = ("/", "/customers", "/companies")


@member_page()
def banner(request: PageRequest) -> HttpResponse:
    """The banner alone, asked for every few seconds while a run is active."""
    context = banner_context(request, now=utcnow())
    response = render(request, "shell/banner.html", context)
    ended = context["banner_state"] not in ACTIVE
    if ended and request.GET.get("was") == "active" and _shows_figures(request):
        response["HX-Refresh"] = "true"
    return response


@member_page("POST")
def dismiss(request: PageRequest, run_id: int) -> HttpResponse:
    """Take the message of a finished run away, for this session."""
    dismissed = [*request.session.get(DISMISSED_KEY, []), run_id]
    request.session[DISMISSED_KEY] = dismissed[-MOST_DISMISSED:]
    if not request.htmx:
        return redirect("dashboard")
    return render(request, "shell/banner.html", banner_context(request, now=utcnow()))


def banner_context(request: PageRequest, *, now: datetime) -> dict[str, Any]:
    """What the banner shows; one query."""
    run = _newest_import(request.actor.org_id, now=now)
    if run is None or not _is_worth_showing(run, request.session.get(DISMISSED_KEY, []), now):
        return {"banner_state": ""}
    return {
        "banner_state": run.status,
        "banner_run": run,
        "banner_line": tell(phase=run.phase, phases=run.phases, started_at=run.started_at, now=now),
        "banner_contacts": imported_contacts(run.phases),
        "banner_href": reverse("intercom_run", args=[run.connection_id, run.pk]),
    }


def _shows_figures(request: PageRequest) -> bool:
    """Whether the page behind the banner shows what the import changed, and no half-filled form."""
    behind = request.htmx.current_url_abs_path or ""
    return behind.partition("?")[0] in FIGURES


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
