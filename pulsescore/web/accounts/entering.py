"""Signing up, logging in and out."""

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from pulsescore.accounts import actions, throttle
from pulsescore.accounts.access import SESSION_ORG_KEY, Unauthenticated
from pulsescore.accounts.models import User
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Conflict, Invalid
from pulsescore.web.forms import by_field, texts

BACKEND = "django.contrib.auth.backends.ModelBackend"
DETAILS = ("org_name", "first_name", "last_name", "email", "password")


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
        user, organization = actions.register(**given, now=utcnow())
    except Invalid as error:
        return _again(request, "sign_up", given, faults=by_field(error))
    except Conflict as error:
        return _again(request, "sign_up", given, faults={"email": str(error)}, status=409)
    except throttle.TooMany as error:
        return _again(request, "sign_up", given, trouble=str(error), status=429)
    enter(request, user, org_id=organization.pk)
    return redirect("dashboard")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """Log in by e-mail and password, then on to where one was going."""
    if request.user.is_authenticated:
        return redirect(_next(request))
    if request.method != "POST":
        return render(request, "accounts_pages/log_in.html", {"next": _next(request)})
    given = texts(request, "email", "password")
    try:
        user = actions.check_credentials(**given, address=address_of(request), now=utcnow())
    except Unauthenticated as error:
        return _again(request, "log_in", given, trouble=str(error))
    except throttle.TooMany as error:
        return _again(request, "log_in", given, trouble=str(error), status=429)
    enter(request, user)
    return redirect(_next(request))


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End this browser's session."""
    logout(request)
    return redirect("log_in")


def enter(request: HttpRequest, user: User, *, org_id: int | None = None) -> None:
    """Begin a fresh session for this person, looking at this organization."""
    login(request, user, backend=BACKEND)
    if org_id is not None:
        request.session[SESSION_ORG_KEY] = org_id


def address_of(request: HttpRequest) -> str:
    """The network address that attempts are counted for."""
    return str(request.META.get("REMOTE_ADDR", ""))


def _next(request: HttpRequest) -> str:
    wish = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(
        wish, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wish if safe else "/"


def _again(
    request: HttpRequest,
    page: str,
    given: dict[str, str],
    *,
    faults: dict[str, str] | None = None,
    trouble: str = "",
    status: int = 422,
) -> HttpResponse:
    values = {name: value for name, value in given.items() if name != "password"}
    context = {"values": values, "faults": faults or {}, "trouble": trouble, "next": _next(request)}
    return render(request, f"accounts_pages/{page}.html", context, status=status)
