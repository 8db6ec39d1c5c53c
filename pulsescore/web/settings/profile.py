"""Settings → Profile: name, address, theme and time zone."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from pulsescore.accounts import actions, throttle
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import FieldFault, Invalid
from pulsescore.web.forms import by_field, texts
from pulsescore.web.pages import PageRequest, member_page
from pulsescore.web.settings.time_zones import time_zones

FIELDS = ("first_name", "last_name", "time_zone")


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


@sensitive_post_parameters("current_password")
@member_page("POST")
def new_address(request: PageRequest) -> HttpResponse:
    """Ask to move to another address; its mailbox confirms it."""
    given = texts(request, "email", "current_password")
    now = utcnow()
    try:
        actions.confirm_password(request.user, given["current_password"], now=now)
        waiting = actions.request_new_address(request.user, email=given["email"], now=now)
    except Invalid as error:
        return _show(request, new_email=given["email"], faults=by_field(error), status=422)
    except throttle.TooMany as error:
        faults = by_field(Invalid(FieldFault("current_password", str(error))))
        return _show(request, new_email=given["email"], faults=faults, status=429)
    messages.success(request, f"We sent a link to {waiting.email}. Open it to make the change.")
    return redirect("profile")


@member_page("POST")
def keep_address(request: PageRequest) -> HttpResponse:
    """Stay with the present address."""
    actions.drop_new_address(request.user)
    messages.success(request, f"You stay with {request.user.email}.")
    return redirect("profile")


def _show(
    request: PageRequest,
    *,
    values: dict[str, str] | None = None,
    faults: dict[str, str] | None = None,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    context = {
        "section": "profile",
        "values": values or {name: getattr(request.user, name) for name in FIELDS},
        "faults": faults or {},
        "time_zones": time_zones(),
        "waiting_address": actions.find_new_address(request.user),
        **extra,
    }
    return render(request, "settings/profile.html", context, status=status)
