"""Settings → Integrations: the tiles, a connection's overview and settings, disconnecting."""

from datetime import datetime
from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom import queries
from pulsescore.connectors.intercom.findings import LAST, refused_in_words
from pulsescore.connectors.intercom.inbox import queries as inbox
from pulsescore.connectors.intercom.inbox.silence import webhook_silence
from pulsescore.connectors.intercom.models import Connection, Mode, RunKind, Scope
from pulsescore.connectors.intercom.problems import ConnectDelayed, ConnectFailed
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Conflict, Invalid
from pulsescore.pipeline import run
from pulsescore.web.forms import by_field, texts, whole_number
from pulsescore.web.integrations.exchange import exchange_rows, may_fetch
from pulsescore.web.integrations.frame import frame, tile
from pulsescore.web.pages import PageRequest, member_page, partial
from pulsescore.web.shell.going_back import way_back

_QUEUED: Final = {
    "": "The re-import is queued; progress shows at the top of the page.",
    "users": "All users are read again; progress shows here.",
    "leads": "All leads are read again; progress shows here.",
    "companies": "All companies are read again; progress shows here.",
}


@member_page()
def tiles(request: PageRequest) -> HttpResponse:
    """A tile per connection, and one to connect another."""
    connections = queries.list_connections(request.actor.org_id)
    context = {
        "section": "integrations",
        "tiles": [tile(request, connection) for connection in connections],
        "may_edit": request.actor.allows(Role.ADMIN),
    }
    return render(request, "integrations/tiles.html", context)


@member_page()
def badge(request: PageRequest, connection_id: int) -> HttpResponse:
    """The badge alone, asked for when a run moved or ended."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    return render(request, "integrations/badge.html", tile(request, connection))


@member_page()
def overview(request: PageRequest, connection_id: int) -> HttpResponse:
    """How the connection stands, what came in, and its settings."""
    return _overview(request, queries.get_connection(request.actor.org_id, connection_id))


@sensitive_post_parameters("access_token")
@member_page("POST", role=Role.ADMIN)
def update(request: PageRequest, connection_id: int) -> HttpResponse:
    """Change settings; a token that was left empty stays as it is."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    given = texts(request, "mode", "conversation_days", "sync_minutes")
    secrets = {k: v for k, v in texts(request, "access_token").items() if v}
    given["largest_loss_percent"] = request.POST.get(
        "largest_loss_percent", str(connection.largest_loss_percent)
    )
    try:
        run.update_connection(
            request.actor,
            connection_id=connection_id,
            mode=given["mode"] or connection.mode,
            conversation_days=whole_number(given["conversation_days"], 0, least=0),
            sync_interval_secs=whole_number(given["sync_minutes"], 0, least=0) * 60,
            largest_loss_percent=whole_number(given["largest_loss_percent"], 0, least=0),
            **secrets,
            now=utcnow(),
        )
    except ConnectFailed as error:
        faults = {"access_token": f"{error.problem.title}. {error.problem.remedy}"}
        return _overview(request, connection, given=given, faults=faults)
    except Invalid as error:
        return _overview(request, connection, given=given, faults=by_field(error))
    except (Conflict, ConnectDelayed) as error:
        return _overview(request, connection, given=given, trouble=str(error))
    messages.success(request, "Settings saved.")
    return redirect("intercom", connection_id)


@member_page("POST", role=Role.ADMIN)
def sync(request: PageRequest, connection_id: int) -> HttpResponse:
    """Import everything again, or all users, leads or companies."""
    scope = request.POST.get("scope", "")
    is_fetch = scope in Scope.values
    try:
        run.request_sync(
            request.actor,
            connection_id=connection_id,
            kind=RunKind.FETCH if is_fetch else RunKind.FULL,
            scope=scope if is_fetch else None,
            now=utcnow(),
        )
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _QUEUED.get(scope, _QUEUED[""]))
    if request.POST.get("back") == "welcome":
        return redirect("welcome")
    back = way_back(request)
    return redirect("intercom", connection_id) if back == "/" else redirect(back)


@member_page("GET", "POST", role=Role.ADMIN)
def disconnect(request: PageRequest, connection_id: int) -> HttpResponse:
    """Say what disconnecting does, and do it."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    if request.method != "POST":
        return render(request, "integrations/disconnect.html", frame(request, connection, ""))
    run.disconnect(request.actor, connection_id=connection_id, now=utcnow())
    messages.success(request, f"{connection.workspace_name} is disconnected.")
    return redirect("settings_integrations")


def _overview(
    request: PageRequest,
    connection: Connection,
    *,
    given: dict[str, str] | None = None,
    faults: dict[str, str] | None = None,
    trouble: str = "",
) -> HttpResponse:
    failed = bool(faults or trouble)
    context = {
        "values": given or _values(connection),
        "faults": faults or {},
        "trouble": trouble,
        "two_way": Mode.TWO_WAY,
        **_state(connection, now=utcnow()),
        **frame(request, connection, "overview"),
    }
    if not failed:
        return partial(request, "integrations/overview.html", "integrations/state.html", context)
    return render(request, "integrations/overview.html", context, status=422)


def _values(connection: Connection) -> dict[str, str]:
    return {
        "mode": connection.mode,
        "conversation_days": str(connection.conversation_days),
        "sync_minutes": str(connection.sync_interval_secs // 60),
        "largest_loss_percent": str(connection.largest_loss_percent),
    }


def _state(connection: Connection, *, now: datetime) -> dict[str, object]:
    permissions = queries.list_permissions(connection)
    awaiting = queries.refused_losses(connection)
    return {
        "exchange": exchange_rows(connection),
        "may_fetch": may_fetch(connection),
        "run": awaiting.run if awaiting else None,
        "refused": refused_in_words(awaiting.refusals, who=LAST) if awaiting else "",
        "awaits_word": awaiting is not None,
        "missing": [one for one in permissions if one.granted is False],
        "granted_count": sum(one.granted is True for one in permissions),
        "permission_count": len(permissions),
        "health": inbox.inbox_health(connection.org_id, connection.pk, now=now),
        "silence": webhook_silence(connection.org_id, connection.pk, now=now),
    }
