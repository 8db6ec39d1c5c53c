"""Signing up, logging in and out."""

from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from pulsescore.accounts import actions, throttle
from pulsescore.accounts.access import Unauthenticated
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Conflict, Invalid
from pulsescore.web.accounts.going_on import next_of
from pulsescore.web.accounts.second_step import enter_or_ask
from pulsescore.web.accounts.session import address_of, enter
from pulsescore.web.forms import by_field, texts

DETAILS = ("org_name", "first_name", "last_name", "email", "password", "time_zone")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Found an organization and its owner's account, and log in."""
    if request.user.is_authenticated:
        return redirect("dashboard")
    if request.method != "POST":
        return render(request, "accounts_pages/sign_up.html")
    given = texts(request, *DETAILS)
    try:
        throttle.check(throttle.REGISTER_PER_ADDRESS, address_of(request), now=utcnow())
        user, organization = actions.register(**given, verified=False, now=utcnow())
    except Invalid as error:
        return _again(request, "sign_up", given, faults=by_field(error))
    except Conflict as error:
        faults = {"email": str(error)}
        return _again(request, "sign_up", given, faults=faults, taken=True, status=409)
    except throttle.TooMany as error:
        return _throttled(request, "sign_up", given, error)
    enter(request, user, org_id=organization.pk)
    return redirect("dashboard")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """Log in by e-mail and password, then on to where one was going."""
    onward = next_of(request)
    if request.user.is_authenticated:
        return redirect(onward)
    if request.method != "POST":
        context = {"next": onward, "values": {"email": request.GET.get("email", "")}}
        return render(request, "accounts_pages/log_in.html", context)
    given = texts(request, "email", "password")
    try:
        user = actions.check_credentials(**given, address=address_of(request), now=utcnow())
    except Unauthenticated as error:
        return _again(request, "log_in", given, trouble=str(error))
    except throttle.TooMany as error:
        return _throttled(request, "log_in", given, error)
    return enter_or_ask(request, user, onward=onward)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End this browser's session; on to where a form asks for, else to the log-in."""
    logout(request)
    return redirect(next_of(request, default=reverse("log_in")))


def _throttled(
    request: HttpRequest, page: str, given: dict[str, str], error: throttle.TooMany
) -> HttpResponse:
    response = _again(request, page, given, throttled=str(error), status=429)
    response["Retry-After"] = str(error.retry_after_secs)
    return response


def _again(
    request: HttpRequest, page: str, given: dict[str, str], *, status: int = 422, **told: Any
) -> HttpResponse:
    values = {name: value for name, value in given.items() if name != "password"}
    context = {"values": values, "next": next_of(request), **told}
    return render(request, f"accounts_pages/{page}.html", context, status=status)
