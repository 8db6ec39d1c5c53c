"""The permissions of a connection's token: what each is for, whether it is there."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom import queries
from pulsescore.connectors.intercom.models import ConnectionStatus
from pulsescore.connectors.intercom.problems import ConnectDelayed
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Conflict
from pulsescore.pipeline import run
from pulsescore.web.integrations.frame import frame
from pulsescore.web.pages import PageRequest, member_page


@member_page()
def permissions(request: PageRequest, connection_id: int) -> HttpResponse:
    """Each permission, what it is for, and whether the token has it."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    known = queries.list_permissions(connection)
    context = {
        "permissions": known,
        "missing": [one for one in known if one.granted is False],
        "untried": [one for one in known if one.granted is None],
        **frame(request, connection, "permissions"),
    }
    return render(request, "integrations/permissions.html", context)


@member_page("POST", role=Role.ADMIN)
def check(request: PageRequest, connection_id: int) -> HttpResponse:
    """Ask Intercom now; where that mends the connection, it syncs again."""
    try:
        mended = run.check_permissions(request.actor, connection_id=connection_id, now=utcnow())
    except (Conflict, ConnectDelayed) as error:
        messages.error(request, str(error))
        return redirect("intercom_permissions", connection_id)
    connection = queries.get_connection(request.actor.org_id, connection_id)
    if mended is not None:
        messages.success(request, "All that is needed is granted: syncing goes on.")
    elif connection.status == ConnectionStatus.NEEDS_ATTENTION:
        messages.error(request, "Intercom still refuses; the notice says what to do.")
    else:
        messages.success(request, "Checked just now.")
    return redirect("intercom_permissions", connection_id)
