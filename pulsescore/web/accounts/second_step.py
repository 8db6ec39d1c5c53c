"""The second step of a log-in: between the password and the session."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from pulsescore.accounts import throttle
from pulsescore.accounts.access import Unauthenticated
from pulsescore.accounts.models import User
from pulsescore.accounts.two_step import passkeys
from pulsescore.accounts.two_step.factors import get_factors, needs_second_step
from pulsescore.accounts.two_step.proving import prove_with_code
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Invalid
from pulsescore.web.accounts.going_on import is_ours
from pulsescore.web.accounts.session import enter
from pulsescore.web.forms import by_field

PAGE = "accounts_pages/second_step.html"
WAITING_KEY = "second_step"
PASSKEY_KEY = "second_step_passkey"
PATIENCE_SECS = 600


def enter_or_ask(request: HttpRequest, user: User, *, onward: str) -> HttpResponse:
    """Log in who proved the first step, or ask for the second."""
    if not needs_second_step(user):
        enter(request, user)
        return redirect(onward)
    # A session that somebody prepared in this browser ends here.
    request.session.flush()
    request.session[WAITING_KEY] = {
        "user": user.pk,
        "password": user.get_session_auth_hash(),
        "at": utcnow().timestamp(),
        "onward": onward,
    }
    return redirect("second_step")


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """Ask for a code of the app, or a recovery code."""
    user = _waiting(request)
    if user is None:
        return _start_again(request)
    if request.method != "POST":
        return _show(request, user)
    try:
        recovered = prove_with_code(user, code=request.POST.get("code", ""), now=utcnow())
    except Invalid as error:
        return _show(request, user, faults=by_field(error), status=422)
    except throttle.TooMany as error:
        return _show(request, user, trouble=str(error), status=429)
    onward = _let_in(request, user)
    if recovered:
        left = get_factors(user).codes_left
        messages.success(request, f"A recovery code was used; {left} are left.")
    return redirect(onward)


@never_cache
@require_POST
def passkey_options(request: HttpRequest) -> HttpResponse:
    """What the browser needs to ask for a passkey."""
    user = _waiting(request)
    if user is None:
        return JsonResponse({"detail": "Log in again."}, status=401)
    options, state = passkeys.begin_proving(user)
    request.session[PASSKEY_KEY] = state
    return JsonResponse(options)


@never_cache
@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """Take the browser's answer; JSON in and out, for the script of the page."""
    user = _waiting(request)
    state = request.session.pop(PASSKEY_KEY, None)
    if user is None or state is None:
        return JsonResponse({"detail": "Log in again."}, status=401)
    try:
        passkeys.finish_proving(user, state=state, response=answer_of(request), now=utcnow())
    except Unauthenticated as error:
        return JsonResponse({"detail": str(error)}, status=422)
    except throttle.TooMany as error:
        return JsonResponse({"detail": str(error)}, status=429)
    return JsonResponse({"location": _let_in(request, user)})


def answer_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON object in the body, or an empty one."""
    try:
        found = json.loads(request.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _waiting(request: HttpRequest) -> User | None:
    """Who proved the first step in this browser a moment ago."""
    waiting = request.session.get(WAITING_KEY)
    if not waiting or utcnow().timestamp() - waiting["at"] > PATIENCE_SECS:
        return None
    user = User.objects.filter(id=waiting["user"], is_active=True).first()
    # Whoever changed the password meanwhile wants everybody to prove the new one.
    if user and constant_time_compare(waiting["password"], user.get_session_auth_hash()):
        return user
    return None


def _let_in(request: HttpRequest, user: User) -> str:
    onward = str(request.session.pop(WAITING_KEY)["onward"])
    enter(request, user)
    return onward if is_ours(request, onward) else "/"


def _start_again(request: HttpRequest) -> HttpResponse:
    request.session.pop(WAITING_KEY, None)
    if request.user.is_authenticated:
        return redirect("dashboard")
    messages.info(request, "The log-in took too long. Enter your password again.")
    return redirect("log_in")


def _show(
    request: HttpRequest,
    user: User,
    *,
    faults: dict[str, str] | None = None,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    factors = get_factors(user)
    context = {
        "factors": factors,
        "with_passkey": bool(factors.passkeys) and passkeys.offered(),
        "faults": faults or {},
        "trouble": trouble,
    }
    return render(request, PAGE, context, status=status)
