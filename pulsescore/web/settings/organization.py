"""Settings → Organization: its name."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from pulsescore.accounts import actions
from pulsescore.accounts.models import Role
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Invalid
from pulsescore.web.forms import by_field, texts
from pulsescore.web.pages import PageRequest, member_page

PAGE = "settings/organization.html"


@member_page("GET", "POST")
def organization(request: PageRequest) -> HttpResponse:
    """Show the organization; admins may rename it."""
    context = {
        "section": "organization",
        "values": {"name": request.organization.name},
        "may_edit": request.actor.allows(Role.ADMIN),
    }
    if request.method != "POST":
        return render(request, PAGE, context)
    given = texts(request, "name")
    try:
        actions.rename_organization(request.actor, name=given["name"], now=utcnow())
    except Invalid as error:
        context |= {"values": given, "faults": by_field(error)}
        return render(request, PAGE, context, status=422)
    messages.success(request, "Organization saved.")
    return redirect("organization")
