"""Settings → Profile: name, theme, time zone and password."""

from zoneinfo import available_timezones

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from pulsescore.accounts import actions, throttle
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import FieldFault, Invalid
from pulsescore.web.forms import by_field, texts
from pulsescore.web.pages import PageRequest, member_page

THEMES = (("auto", "Same as the device"), ("light", "Light"), ("dark", "Dark"))
FIELDS = ("first_name", "last_name", "theme", "time_zone")


@member_page("GET", "POST")
def profile(request: PageRequest) -> HttpResponse:
    """Show and change one's own details."""
    if request.method != "POST":
        return _show(request)
    given = texts(request, *FIELDS)
    try:
        actions.update_profile(request.user, **given)
    except Invalid as error:
        return _show(request, values=given, faults=by_field(error), status=422)
    messages.success(request, "Profile saved.")
    return redirect("profile")


@sensitive_post_parameters()
@member_page("POST")
def password(request: PageRequest) -> HttpResponse:
    """Replace one's password; other log-ins end, this one stays."""
    given = texts(request, "current_password", "password")
    try:
        user = actions.change_password(
            request.user,
            current=given["current_password"],
            password=given["password"],
            now=utcnow(),
        )
    except Invalid as error:
        return _show(request, faults=by_field(error), status=422)
    except throttle.TooMany as error:
        fault = Invalid(FieldFault("current_password", str(error)))
        return _show(request, faults=by_field(fault), status=429)
    update_session_auth_hash(request, user)
    messages.success(request, "Password changed. Other log-ins have ended.")
    return redirect("profile")


def _show(
    request: PageRequest,
    *,
    values: dict[str, str] | None = None,
    faults: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "section": "profile",
        "values": values or {name: getattr(request.user, name) for name in FIELDS},
        "faults": faults or {},
        "themes": THEMES,
        "time_zones": [(name, name.replace("_", " ")) for name in sorted(available_timezones())],
    }
    return render(request, "settings/profile.html", context, status=status)
