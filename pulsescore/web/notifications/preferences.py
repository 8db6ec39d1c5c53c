"""Settings → Notifications: what a person wants to be told, how, and when not."""

from collections.abc import Mapping
from datetime import time

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from pulsescore.alerts import actions, queries
from pulsescore.alerts.actions.preferences import Wishes
from pulsescore.alerts.models import EmailChoice, NotificationPreference
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import FieldFault, Invalid
from pulsescore.web.forms import by_field, read_time, texts, whole_number
from pulsescore.web.pages import PageRequest, member_page

FIELDS = ("in_app", "email", "digest_hour", "quiet_from", "quiet_to")
EMAIL_TEXTS = (
    (
        EmailChoice.EACH.value,
        "Each alert at once",
        "One e-mail for each; many at once come as one.",
    ),
    (
        EmailChoice.DIGEST.value,
        "One digest a day",
        "All since the last one, at the hour below.",
    ),
    (EmailChoice.OFF.value, "No e-mail", "You see alerts in the app only."),
)
HOURS = [(str(hour), f"{hour:02}:00") for hour in range(24)]
_WRONG_HOUR = 24


@member_page("GET", "POST")
def notification_settings(request: PageRequest) -> HttpResponse:
    """Show and keep one's wishes."""
    if request.method != "POST":
        held = queries.get_preferences(request.actor.org_id, request.user.pk)
        return _show(request, values=_as_values(held))
    given = texts(request, *FIELDS)
    try:
        actions.save_preferences(request.actor, wishes=_as_wishes(given), now=utcnow())
    except Invalid as error:
        return _show(request, values=given, faults=by_field(error), status=422)
    messages.success(request, "Saved.")
    return redirect("notification_settings")


def _show(
    request: PageRequest,
    *,
    values: Mapping[str, str],
    faults: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    org_id = request.actor.org_id
    muted = set(queries.get_preferences(org_id, request.user.pk).muted_rules)
    context = {
        "section": "notifications",
        "values": values,
        "faults": faults or {},
        "emails": EMAIL_TEXTS,
        "hours": HOURS,
        "muted": [one for one in queries.list_rules(org_id) if one.pk in muted],
        "zone": request.user.time_zone,
    }
    return render(request, "notifications/settings.html", context, status=status)


def _as_values(held: NotificationPreference) -> dict[str, str]:
    return {
        "in_app": "1" if held.in_app else "",
        "email": held.email,
        "digest_hour": str(held.digest_hour),
        "quiet_from": _clock(held.quiet_from),
        "quiet_to": _clock(held.quiet_to),
    }


def _as_wishes(given: Mapping[str, str]) -> Wishes:
    faults: list[FieldFault] = []
    begins, ends = (read_time(name, given[name], faults) for name in ("quiet_from", "quiet_to"))
    if faults:
        raise Invalid(*faults)
    return Wishes(
        in_app=bool(given["in_app"]),
        email=given["email"],
        digest_hour=whole_number(given["digest_hour"], _WRONG_HOUR, least=0),
        quiet_from=begins,
        quiet_to=ends,
    )


def _clock(at: time | None) -> str:
    return f"{at:%H:%M}" if at else ""
