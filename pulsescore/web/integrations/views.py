"""Settings → Integrations: the tiles, and the pages of one Intercom connection."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom import connection_log, queries
from pulsescore.connectors.intercom.addresses import workspace_url
from pulsescore.connectors.intercom.inbox import queries as inbox
from pulsescore.connectors.intercom.inbox.topics import SUBSCRIBED
from pulsescore.connectors.intercom.models import Connection, Mode, RunKind
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Conflict, Invalid
from pulsescore.pipeline import run
from pulsescore.store import queries as store
from pulsescore.web.forms import by_field, texts, whole_number
from pulsescore.web.integrations.wording import TopicState, topic_groups
from pulsescore.web.pages import PageRequest, member_page, partial

RUNS_SHOWN = 50
LOG_SHOWN = 200
HELD_SHOWN = 100


@member_page()
def tiles(request: PageRequest) -> HttpResponse:
    """A tile per connection, and one to connect another."""
    connections = queries.list_connections(request.actor.org_id)
    context = {
        "section": "integrations",
        "tiles": [_tile(connection) for connection in connections],
        "may_edit": request.actor.allows(Role.ADMIN),
    }
    return render(request, "integrations/tiles.html", context)


@member_page()
def overview(request: PageRequest, connection_id: int) -> HttpResponse:
    """How the connection stands, what came in, and its settings."""
    return _overview(request, queries.get_connection(request.actor.org_id, connection_id))


@sensitive_post_parameters("access_token", "webhook_secret")
@member_page("POST", role=Role.ADMIN)
def update(request: PageRequest, connection_id: int) -> HttpResponse:
    """Change settings; secrets that were left empty stay as they are."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    given = texts(request, "mode", "conversation_days", "sync_minutes")
    secrets = {k: v for k, v in texts(request, "access_token", "webhook_secret").items() if v}
    try:
        run.update_connection(
            request.actor,
            connection_id=connection_id,
            mode=given["mode"] or connection.mode,
            conversation_days=whole_number(given["conversation_days"], 0, least=0),
            sync_interval_secs=whole_number(given["sync_minutes"], 0, least=0) * 60,
            **secrets,
            now=utcnow(),
        )
    except Invalid as error:
        return _overview(request, connection, given=given, faults=by_field(error))
    except Conflict as error:
        return _overview(request, connection, given=given, trouble=str(error))
    messages.success(request, "Settings saved.")
    return redirect("intercom", connection_id)


@member_page("POST", role=Role.ADMIN)
def sync(request: PageRequest, connection_id: int) -> HttpResponse:
    """Import everything again."""
    try:
        run.request_sync(
            request.actor, connection_id=connection_id, kind=RunKind.FULL, now=utcnow()
        )
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The re-import is queued; progress shows at the top of the page.")
    return redirect("intercom", connection_id)


@member_page("GET", "POST", role=Role.ADMIN)
def disconnect(request: PageRequest, connection_id: int) -> HttpResponse:
    """Say what disconnecting does, and do it."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    if request.method != "POST":
        return render(request, "integrations/disconnect.html", _frame(request, connection, ""))
    run.disconnect(request.actor, connection_id=connection_id, now=utcnow())
    messages.success(request, f"{connection.workspace_name} is disconnected.")
    return redirect("settings_integrations")


@member_page()
def runs(request: PageRequest, connection_id: int) -> HttpResponse:
    """The latest runs."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    found = queries.list_runs(connection)
    if request.GET.get("kind") in RunKind.values:
        found = found.filter(kind=request.GET["kind"])
    context = {
        "runs": found[:RUNS_SHOWN],
        "kind": request.GET.get("kind", ""),
        "kinds": RunKind.choices,
        **_frame(request, connection, "runs"),
    }
    return render(request, "integrations/runs.html", context)


@member_page()
def webhooks(request: PageRequest, connection_id: int) -> HttpResponse:
    """Where Intercom is to deliver, which topics, and what arrived last."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    frame = _frame(request, connection, "webhooks")
    topics = inbox.list_topics(connection.org_id, connection.pk)
    last = {one.topic: one.last_received_at for one in topics}
    groups = topic_groups(SUBSCRIBED, last)
    known = {topic.name for _title, topics in groups for topic in topics}
    context = {
        "groups": groups,
        "others": [TopicState(name, at) for name, at in last.items() if name not in known],
        **frame,
    }
    return render(request, "integrations/webhooks.html", context)


@member_page()
def run_page(request: PageRequest, connection_id: int, run_id: int) -> HttpResponse:
    """One run: how far it came, what it skipped, what failed."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    sync_run = queries.get_run(connection, run_id)
    context = {"run": sync_run, **_held(connection), **_frame(request, connection, "runs")}
    return partial(request, "integrations/run.html", "integrations/run_progress.html", context)


@member_page()
def skipped(request: PageRequest, connection_id: int) -> HttpResponse:
    """What could not enter yet, and why."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    context = {**_held(connection), **_frame(request, connection, "runs")}
    return render(request, "integrations/skipped.html", context)


@member_page()
def log(request: PageRequest, connection_id: int) -> HttpResponse:
    """What happened on this connection in the last thirty days."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    lines = connection_log.find(
        connection, connection_log.LogFilters(kind=request.GET.get("kind", ""))
    )
    context = {
        "lines": lines[:LOG_SHOWN],
        "kind": request.GET.get("kind", ""),
        "kinds": (
            ("run", "Runs"),
            ("call", "Failed calls"),
            ("setting", "Settings"),
            ("attention", "Attention"),
        ),
        **_frame(request, connection, "log"),
    }
    return render(request, "integrations/log.html", context)


def _overview(
    request: PageRequest,
    connection: Connection,
    *,
    given: dict[str, str] | None = None,
    faults: dict[str, str] | None = None,
    trouble: str = "",
) -> HttpResponse:
    values = given or {
        "mode": connection.mode,
        "conversation_days": str(connection.conversation_days),
        "sync_minutes": str(connection.sync_interval_secs // 60),
    }
    context = {
        "values": values,
        "faults": faults or {},
        "trouble": trouble,
        "permissions": queries.list_permissions(connection),
        "two_way": Mode.TWO_WAY,
        **_frame(request, connection, "overview"),
    }
    failed = bool(faults or trouble)
    return render(request, "integrations/overview.html", context, status=422 if failed else 200)


def _held(connection: Connection) -> dict[str, Any]:
    """The first of the records that wait, by kind, and how many there are."""
    found = [
        (title, store.list_held(connection.org_id, connection.source_id, kind=kind))
        for title, kind in (("Contacts", "customer"), ("Conversations", "conversation"))
    ]
    return {"held": [(title, rows[:HELD_SHOWN], rows.count()) for title, rows in found]}


def _frame(request: PageRequest, connection: Connection, tab: str) -> dict[str, Any]:
    return {
        "section": "integrations",
        "tab": tab,
        "connection": connection,
        "may_edit": request.actor.allows(Role.ADMIN),
        **_tile(connection),
    }


def _tile(connection: Connection) -> dict[str, Any]:
    return {
        "connection": connection,
        "view": queries.view_connection(connection),
        "app_url": workspace_url(connection.region, connection.workspace_id),
    }
