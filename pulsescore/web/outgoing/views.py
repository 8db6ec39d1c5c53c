"""Settings → Webhooks and Slack: every destination, and what was sent of late."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from pulsescore.accounts.models import Role
from pulsescore.core.clock import utcnow
from pulsescore.delivery import queries
from pulsescore.pipeline import trials
from pulsescore.web.outgoing.lines import delivery_lines, host_of
from pulsescore.web.pages import PageRequest, member_page
from pulsescore.web.shell.going_back import way_back

STATES = ("failed", "pending", "paused", "sent")
SHOWN = 10


@member_page(role=Role.ADMIN)
def outgoing(request: PageRequest) -> HttpResponse:
    """Endpoints, Slack channels, and the newest deliveries to either."""
    org_id = request.actor.org_id
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    deliveries = queries.list_deliveries(org_id, state=state or None)
    context = {
        "section": "webhooks",
        "endpoints": [(one, host_of(one.url)) for one in queries.list_endpoints(org_id)],
        "hooks": list(queries.list_slack_hooks(org_id)),
        "deliveries": delivery_lines(deliveries[:SHOWN]),
        "state": state,
        "states": STATES,
        "may_retry": True,
    }
    return render(request, "outgoing/outgoing.html", context)


@member_page("POST", role=Role.ADMIN)
def retry(request: PageRequest, delivery_id: int) -> HttpResponse:
    """Send a delivery again, under the same key."""
    trials.retry_delivery(request.actor, delivery_id=delivery_id, now=utcnow())
    messages.success(request, "It is being sent again.")
    return redirect(way_back(request))
