"""Settings → Organization: what it says about itself, and its end."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from pulsescore.accounts import actions, throttle
from pulsescore.accounts.access import SESSION_ORG_KEY
from pulsescore.accounts.models import Role
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import FieldFault, Invalid
from pulsescore.pipeline import removing
from pulsescore.web.forms import by_field, texts
from pulsescore.web.pages import PageRequest, member_page
from pulsescore.web.settings.time_zones import time_zones

PAGE = "settings/organization.html"
DELETE_PAGE = "settings/organization_delete.html"
FOR_ADMINS = ("name", "time_zone", "support_contact")
FOR_OWNERS = (*FOR_ADMINS, "billing_contact")


@member_page("GET", "POST")
def organization(request: PageRequest) -> HttpResponse:
    """Show the organization; admins change it, owners also who is billed."""
    if request.method != "POST":
        return _show(request)
    fields = FOR_OWNERS if request.actor.allows(Role.OWNER) else FOR_ADMINS
    given = {name: value for name, value in texts(request, *fields).items() if name in request.POST}
    try:
        actions.update_organization(request.actor, **given, now=utcnow())
    except Invalid as error:
        return _show(request, values=given, faults=by_field(error), status=422)
    messages.success(request, "Organization saved.")
    return redirect("organization")


@sensitive_post_parameters("current_password")
@member_page("GET", "POST", role=Role.OWNER)
def delete(request: PageRequest) -> HttpResponse:
    """Say what deleting does; do it once the name is typed and the password proves the owner."""
    if request.method != "POST":
        return _confirm(request)
    given = texts(request, "confirmation", "current_password")
    name = request.organization.name
    try:
        actions.confirm_password(request.user, given["current_password"], now=utcnow())
        removing.delete_organization(
            request.actor, confirmation=given["confirmation"], now=utcnow()
        )
    except Invalid as error:
        return _confirm(request, faults=by_field(error), typed=given["confirmation"], status=422)
    except throttle.TooMany as error:
        faults = by_field(Invalid(FieldFault("current_password", str(error))))
        return _confirm(request, faults=faults, typed=given["confirmation"], status=429)
    request.session.pop(SESSION_ORG_KEY, None)
    messages.success(request, f"{name} is deleted. Its data is being removed.")
    return redirect("dashboard")


def _confirm(
    request: PageRequest,
    *,
    faults: dict[str, str] | None = None,
    typed: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {"section": "organization", "faults": faults or {}, "typed": typed}
    return render(request, DELETE_PAGE, context, status=status)


def _show(
    request: PageRequest,
    *,
    values: dict[str, str] | None = None,
    faults: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    stored = {name: getattr(request.organization, name) for name in FOR_OWNERS}
    context = {
        "section": "organization",
        "values": stored | (values or {}),
        "faults": faults or {},
        "time_zones": time_zones(),
        "may_edit": request.actor.allows(Role.ADMIN),
        "is_owner": request.actor.allows(Role.OWNER),
    }
    return render(request, PAGE, context, status=status)
