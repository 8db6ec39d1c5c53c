"""Onboarding: one page that always shows the next step, whoever looks and whenever."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom import queries as intercom
from pulsescore.connectors.intercom.models import SyncRun
from pulsescore.core.clock import utcnow
from pulsescore.scoring import queries as scoring
from pulsescore.store import queries as store
from pulsescore.web.integrations.connecting import (
    Attempt,
    after_connecting,
    connect_from,
    form_context,
)
from pulsescore.web.integrations.frame import whom_to_ask
from pulsescore.web.integrations.phases import phases_of
from pulsescore.web.integrations.remedies import remedy_of
from pulsescore.web.onboarding import getting_started
from pulsescore.web.onboarding.stages import Place, find_place
from pulsescore.web.pages import PageRequest, member_page, partial
from pulsescore.web.shell.progress import tell

WORST_SHOWN = 3


@sensitive_post_parameters("access_token")
@member_page("GET", "POST")
def welcome(request: PageRequest) -> HttpResponse:
    """The step that comes next; a posted token connects."""
    attempt = Attempt()
    if request.method == "POST":
        request.actor.require(Role.ADMIN)
        attempt = connect_from(request)
        if attempt.connection is not None:
            return after_connecting(request, attempt.connection)
    context = _told(request, attempt, now=utcnow())
    if attempt.failed:
        return render(request, "onboarding/welcome.html", context, status=422)
    return partial(request, "onboarding/welcome.html", "onboarding/steps.html", context)


@member_page()
def first_things(request: PageRequest) -> HttpResponse:
    """The list alone, for the dashboard: nothing once all is done or it was put away."""
    tasks = getting_started.tasks_for(request.actor, now=utcnow())
    is_left = any(not task.done for task in tasks)
    context = {"tasks": tasks if is_left else []}
    return render(request, "onboarding/getting_started.html", context)


@member_page("POST", role=Role.ADMIN)
def dismiss(request: PageRequest) -> HttpResponse:
    """Put the list of first things away."""
    getting_started.dismiss(request.actor, now=utcnow())
    return HttpResponse() if request.htmx else redirect("dashboard")


def _told(request: PageRequest, attempt: Attempt, *, now: datetime) -> dict[str, Any]:
    org_id = request.actor.org_id
    place = find_place(org_id)
    may_edit = request.actor.allows(Role.ADMIN)
    context: dict[str, Any] = {
        "place": place,
        "connection": place.connection,
        "may_edit": may_edit,
        "whom_to_ask": "" if may_edit else whom_to_ask(org_id),
    }
    if place.stage == "connect":
        return {**context, **form_context(attempt)}
    if place.stage == "done":
        return {**context, **_first_look(request, now=now)}
    return {**context, **_import(place, now=now)}


def _import(place: Place, *, now: datetime) -> dict[str, Any]:
    """The import as it runs: words, bar, phases, and what has arrived."""
    connection, run = place.connection, place.run
    if connection is None:
        return {}
    view = intercom.view_connection(connection)
    context = {
        "view": view,
        "remedy": remedy_of(connection.attention_code),
        "scored": scoring.coverage(connection.org_id, now).scored,
    }
    return {**context, **_progress(run, now=now)} if run else context


def _progress(run: SyncRun, *, now: datetime) -> dict[str, Any]:
    return {
        "run": run,
        "line": tell(phase=run.phase, phases=run.phases, started_at=run.started_at, now=now),
        "phases": phases_of(status=run.status, phase=run.phase, phases=run.phases, kind=run.kind),
    }


def _first_look(request: PageRequest, *, now: datetime) -> dict[str, Any]:
    """How many came, how many have a score, and the three to look at first."""
    org_id = request.actor.org_id
    worst = scoring.list_customers(
        org_id, filters=scoring.CustomerFilters(), sort="score", per_page=WORST_SHOWN, now=now
    )
    return {
        "summary": scoring.summary(org_id, now),
        "worst": [one for one in worst.customers if one.score is not None],
        "skipped": _skipped(org_id),
        "tasks": getting_started.tasks_for(request.actor, now=now),
        "dashboard": reverse("dashboard"),
    }


def _skipped(org_id: int) -> int:
    connections = intercom.list_connections(org_id)
    counts = [store.counts(org_id, one.source_id) for one in connections]
    return sum(one.held_contacts for one in counts)
