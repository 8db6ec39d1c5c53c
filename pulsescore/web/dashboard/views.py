"""The dashboard."""

from django.http import HttpResponse
from django.shortcuts import render

from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom import queries as intercom
from pulsescore.core.clock import utcnow
from pulsescore.web.dashboard.morning import get_morning
from pulsescore.web.pages import PageRequest, member_page

TRENDS = ("levels", "average")


@member_page()
def dashboard(request: PageRequest) -> HttpResponse:
    """The answer first: what changed, who needs attention; before that, how to begin."""
    org_id = request.actor.org_id
    connections = intercom.list_connections(org_id)
    if not connections:
        may_edit = request.actor.allows(Role.ADMIN)
        return render(request, "dashboard/onboarding.html", {"may_edit": may_edit})
    trend = request.GET.get("trend", "")
    context = {
        "connections": connections,
        "active_runs": intercom.list_active_runs(org_id),
        "trend": trend if trend in TRENDS else TRENDS[0],
        "morning": get_morning(org_id, now=utcnow()),
    }
    return render(request, "dashboard/dashboard.html", context)
