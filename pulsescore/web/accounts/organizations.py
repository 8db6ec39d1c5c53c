"""Choosing among one's organizations, and founding another."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pulsescore.accounts import actions, browser_sessions, queries
from pulsescore.accounts.access import SESSION_ORG_KEY
from pulsescore.accounts.models import User
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Invalid
from pulsescore.web.forms import by_field, texts, whole_number


@login_required
@require_GET
def list_own(request: HttpRequest) -> HttpResponse:
    """All organizations of this person, to choose from on a small screen."""
    return render(request, "accounts_pages/organizations.html")


@login_required
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Look at another organization; one that is not the person's own is a 404."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 (login_required; narrows the type)
    org_id = whole_number(request.POST.get("organization", ""), 0, most=2**63 - 1)
    chosen = queries.get_actor(user=user, org_id=org_id).org_id
    request.session[SESSION_ORG_KEY] = chosen
    browser_sessions.note_membership(user, org_id=chosen, now=utcnow())
    return redirect("dashboard")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Found another organization and look at it."""
    page = "accounts_pages/organization_new.html"
    if request.method != "POST":
        return render(request, page)
    given = texts(request, "name")
    user = request.user
    assert isinstance(user, User)  # noqa: S101 (login_required; narrows the type)
    try:
        organization = actions.create_organization(user, name=given["name"], now=utcnow())
    except Invalid as error:
        context = {"values": given, "faults": by_field(error)}
        return render(request, page, context, status=422)
    request.session[SESSION_ORG_KEY] = organization.pk
    messages.success(request, f"{organization.name} is ready.")
    return redirect("dashboard")
