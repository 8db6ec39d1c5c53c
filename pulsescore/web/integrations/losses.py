"""A loss that no run believed: what a person's word would do, and giving it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom import queries
from pulsescore.connectors.intercom.findings import LAST, refused_in_words
from pulsescore.connectors.intercom.models import RunKind
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Conflict
from pulsescore.pipeline import run
from pulsescore.web.integrations.frame import frame
from pulsescore.web.pages import PageRequest, member_page


@member_page("GET", "POST", role=Role.ADMIN)
def losses(request: PageRequest, connection_id: int) -> HttpResponse:
    """Say what believing the loss does, and have a reconciliation believe it."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    awaiting = queries.refused_losses(connection)
    if awaiting is None:
        messages.info(request, "Nothing that is missing waits for your word.")
        return redirect("intercom", connection_id)
    if request.method != "POST":
        context = {
            "refused": refused_in_words(awaiting.refusals, who=LAST),
            "run": awaiting.run,
            **frame(request, connection, ""),
        }
        return render(request, "integrations/losses.html", context)
    try:
        begun = run.request_sync(
            request.actor,
            connection_id=connection_id,
            kind=RunKind.RECONCILE,
            accepts_losses=True,
            now=utcnow(),
        )
    except Conflict as error:
        messages.error(request, str(error))
        return redirect("intercom", connection_id)
    messages.success(request, "The reconciliation is queued. What it does not find is marked.")
    return redirect("intercom_run", connection_id, begun.pk)
