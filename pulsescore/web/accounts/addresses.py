"""Proving an e-mail address by a mailed link, and sending that link again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from pulsescore.accounts import actions, throttle
from pulsescore.accounts.models import User
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Conflict, NotFound
from pulsescore.web.accounts.going_on import next_of

PAGE = "accounts_pages/verify_email.html"
LATER_KEY = "verify_later"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for one more click, since mail filters open links too; then the address is proved."""
    try:
        if request.method != "POST":
            address = actions.find_address_of_link(key)
            return render(request, PAGE, {"address": address})
        user = actions.verify_address(key=key, now=utcnow())
    except NotFound as error:
        return render(request, PAGE, {"dead": str(error)}, status=404)
    except Conflict as error:
        return render(request, PAGE, {"dead": str(error)}, status=409)
    if request.user.is_authenticated and request.user.pk == user.pk:
        messages.success(request, f"{user.email} is verified. Thank you.")
        return redirect("dashboard")
    return render(request, PAGE, {"verified": user.email})


@login_required
@require_POST
def send_again(request: HttpRequest) -> HttpResponse:
    """Mail the link once more."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 (login_required; narrows the type)
    try:
        sent = actions.send_verification(user, now=utcnow())
    except throttle.TooMany as error:
        messages.error(request, str(error))
    else:
        told = f"A new link is on its way to {user.email}."
        messages.success(request, told if sent else f"{user.email} is verified already.")
    return redirect(next_of(request))


@login_required
@require_POST
def later(request: HttpRequest) -> HttpResponse:
    """Do not ask again during this log-in."""
    request.session[LATER_KEY] = True
    return redirect(next_of(request))
