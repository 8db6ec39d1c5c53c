"""The dashboard."""

from django.http import HttpResponse
from django.shortcuts import redirect

from pulsescore.alerts.queries import list_alerts
from pulsescore.connectors.intercom import queries as intercom
from pulsescore.core.clock import utcnow
from pulsescore.pipeline.changes import read_mark
from pulsescore.web.alerts.lines import alert_lines
from pulsescore.web.dashboard.morning import get_morning
from pulsescore.web.pages import PageRequest, member_page, partial

TRENDS = ("levels", "average")
ALERTS_SHOWN = 4


@member_page()
def dashboard(request: PageRequest) -> HttpResponse:
    """The answer first: what changed, who needs attention; before that, how to begin."""
    org_id = request.actor.org_id
    mark = getattr(request, "mark", None) or read_mark(org_id)
    if not mark.connections:
        return redirect("welcome")
    trend = request.GET.get("trend", "")
    morning = get_morning(org_id, now=utcnow())
    context = {
        "morning": morning,
        "trend": trend if trend in TRENDS else TRENDS[0],
        "is_syncing": mark.is_moving,
        "new_alerts": alert_lines(list_alerts(org_id, state="open")[: ALERTS_SHOWN + 1]),
        "alerts_shown": ALERTS_SHOWN,
    }
    if not morning.summary.total:
        context["connections"] = intercom.list_connections(org_id)
    return partial(request, "dashboard/dashboard.html", "dashboard/board.html", context)
