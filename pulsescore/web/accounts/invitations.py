"""Joining an organization by an invitation."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pulsescore.accounts import actions, queries
from pulsescore.accounts.access import SESSION_ORG_KEY
from pulsescore.accounts.models import Invitation, Membership, User
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Conflict, Forbidden, Invalid, NotFound
from pulsescore.web.accounts.session import enter
from pulsescore.web.forms import by_field, texts

PAGE = "accounts_pages/invitation.html"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Show who invites, and join: with the account one has, or with a new one."""
    try:
        invitation = queries.get_invitation_by_token(token, now=utcnow())
    except NotFound as error:
        return render(request, PAGE, {"dead": str(error)}, status=404)
    if request.method != "POST":
        return _show(request, invitation)
    try:
        membership = _join(request, token)
    except Invalid as error:
        return _show(request, invitation, faults=by_field(error), status=422)
    except (Conflict, Forbidden, NotFound) as error:
        return _show(request, invitation, trouble=str(error), status=422)
    request.session[SESSION_ORG_KEY] = membership.org_id
    messages.success(request, f"You joined {invitation.org.name}.")
    return redirect("dashboard")


def _join(request: HttpRequest, token: str) -> Membership:
    if isinstance(request.user, User):
        return actions.accept_invitation(token=token, user=request.user, now=utcnow())
    details = texts(request, "first_name", "last_name", "password")
    user, membership = actions.register_invited(token=token, **details, now=utcnow())
    enter(request, user)
    return membership


def _show(
    request: HttpRequest, invitation: Invitation, *, status: int = 200, **told: Any
) -> HttpResponse:
    """The page in one of its forms: join as oneself, as another, by logging in, by signing up."""
    here = request.user.email if isinstance(request.user, User) else ""
    context = {
        "invitation": invitation,
        "values": texts(request, "first_name", "last_name"),
        "as_invited": here == invitation.email,
        "as_another": bool(here) and here != invitation.email,
        # The link was mailed to this address: its owner may know of their account.
        "has_account": not here and queries.has_account(invitation.email),
        **told,
    }
    return render(request, PAGE, context, status=status)
