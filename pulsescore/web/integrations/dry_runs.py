"""A dry run: what would be written, read as a diff before anything leaves."""

from django.http import HttpResponse
from django.shortcuts import render

from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom import queries
from pulsescore.connectors.intercom.models import Mode
from pulsescore.connectors.intercom.outbound.dry_run import plan
from pulsescore.connectors.intercom.outbound.settings import settings_of
from pulsescore.segments.queries import list_segments
from pulsescore.web.forms import whole_number
from pulsescore.web.integrations.frame import frame
from pulsescore.web.integrations.write_lines import planned_lines
from pulsescore.web.pages import PageRequest, member_page

_MOST = 2**63 - 1


@member_page(role=Role.ADMIN)
def dry_run(request: PageRequest, connection_id: int) -> HttpResponse:
    """Everybody chosen, one segment or one customer, compared with Intercom's last word."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    segment = whole_number(request.GET.get("segment", ""), 0, least=0, most=_MOST)
    customer = whole_number(request.GET.get("customer", ""), 0, least=0, most=_MOST)
    made = plan(
        request.actor.org_id, connection_id, segment=segment or None, customer=customer or None
    )
    settings = settings_of(connection)
    chosen = {*settings.user_segments, *settings.lead_segments}
    context = {
        "plan": made,
        "lines": planned_lines(made.writes),
        "customer": customer,
        "segment": str(segment or ""),
        "segments": [
            ("", "Everybody chosen"),
            *(
                (str(one.pk), one.name)
                for one in list_segments(connection.org_id, kind="customer")
                if one.pk in chosen or one.pk == segment
            ),
        ],
        "is_two_way": connection.mode == Mode.TWO_WAY,
        "outbound": settings,
        **frame(request, connection, "sending"),
    }
    return render(request, "integrations/dry_run.html", context)
