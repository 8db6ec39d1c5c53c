"""Settings → Security: setting up and removing second factors."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from pulsescore.accounts import actions, throttle
from pulsescore.accounts.two_step import passkeys, setting_up, totp
from pulsescore.accounts.two_step.factors import get_factors
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Conflict, Invalid, NotFound
from pulsescore.web.accounts.second_step import answer_of
from pulsescore.web.forms import by_field, texts
from pulsescore.web.pages import PageRequest, member_page
from pulsescore.web.settings.security import show, throttled

APP_PAGE = "settings/authenticator.html"
CODES_PAGE = "settings/recovery_codes.html"
SECRET_KEY = "second_step_secret"  # noqa: S105 (the name of a place in the session)
PASSKEY_KEY = "new_passkey"
CODES_KEY = "new_recovery_codes"


@never_cache
@sensitive_post_parameters()
@member_page("GET", "POST")
def add_app(request: PageRequest) -> HttpResponse:
    """Show the secret of a new authenticator app; keep it once the app shows the right code."""
    if get_factors(request.user).app is not None:
        return redirect("security")
    secret = request.session.get(SECRET_KEY) or totp.new_secret()
    request.session[SECRET_KEY] = secret
    if request.method != "POST":
        return _show_app(request, secret)
    given = texts(request, "code", "current_password")
    try:
        actions.confirm_password(request.user, given["current_password"], now=utcnow())
        codes = setting_up.add_app(request.user, secret=secret, code=given["code"], now=utcnow())
    except Invalid as error:
        return _show_app(request, secret, faults=by_field(error), status=422)
    except throttle.TooMany as error:
        return _show_app(request, secret, faults=throttled(error), status=429)
    except Conflict:
        return redirect("security")
    request.session.pop(SECRET_KEY, None)
    messages.success(request, "Two-step log-in is on.")
    return _show_codes(request, codes) if codes else redirect("security")


@sensitive_post_parameters()
@member_page("POST")
def remove_app(request: PageRequest) -> HttpResponse:
    """Take the authenticator app away."""
    return _with_password(
        request,
        lambda: setting_up.remove_app(request.user, now=utcnow()),
        done="The authenticator app is removed.",
    )


@never_cache
@sensitive_post_parameters()
@member_page("POST")
def renew_codes(request: PageRequest) -> HttpResponse:
    """Show ten fresh recovery codes; the former ones end."""
    given = texts(request, "current_password")
    try:
        actions.confirm_password(request.user, given["current_password"], now=utcnow())
        codes = setting_up.renew_recovery(request.user, now=utcnow())
    except Invalid as error:
        return show(request, faults={"codes": by_field(error)["current_password"]}, status=422)
    except throttle.TooMany as error:
        return show(request, faults={"codes": str(error)}, status=429)
    return _show_codes(request, codes)


@never_cache
@member_page("GET")
def codes(request: PageRequest) -> HttpResponse:
    """Recovery codes that were just made with a passkey; shown once."""
    made = request.session.pop(CODES_KEY, None)
    return _show_codes(request, made) if made else redirect("security")


@sensitive_post_parameters()
@member_page("POST")
def remove_passkey(request: PageRequest, passkey_id: int) -> HttpResponse:
    """Take one passkey away."""
    return _with_password(
        request,
        lambda: setting_up_removal(request, passkey_id),
        done="The passkey is removed.",
    )


def setting_up_removal(request: PageRequest, passkey_id: int) -> None:
    """Remove the passkey of the address."""
    passkeys.remove_passkey(request.user, passkey_id=passkey_id, now=utcnow())


@never_cache
@member_page("POST")
def passkey_options(request: PageRequest) -> HttpResponse:
    """What the browser needs to make a passkey, for who knows the password; JSON."""
    given = answer_of(request)
    try:
        password = str(given.get("current_password", ""))
        actions.confirm_password(request.user, password, now=utcnow())
        options, state = passkeys.begin_adding(request.user)
    except (Invalid, Conflict, NotFound, throttle.TooMany) as error:
        return _refused(error)
    request.session[PASSKEY_KEY] = state
    return JsonResponse(options)


@never_cache
@member_page("POST")
def add_passkey(request: PageRequest) -> HttpResponse:
    """Keep the passkey that the browser made; JSON."""
    given = answer_of(request)
    state = request.session.pop(PASSKEY_KEY, None)
    if state is None:
        return JsonResponse({"detail": "This took too long. Try again."}, status=422)
    credential = given.get("credential")
    try:
        made = passkeys.finish_adding(
            request.user,
            name=str(given.get("name", "")),
            state=state,
            response=credential if isinstance(credential, dict) else {},
            now=utcnow(),
        )
    except Invalid as error:
        return _refused(error)
    messages.success(request, "The passkey is ready. Your next log-in will ask for it.")
    if made:
        request.session[CODES_KEY] = made
    return JsonResponse({"location": reverse("recovery_codes" if made else "security")})


def _refused(error: Exception) -> HttpResponse:
    told = error.faults[0].message if isinstance(error, Invalid) else str(error)
    return JsonResponse({"detail": told}, status=422)


def _with_password(request: PageRequest, act: Any, *, done: str) -> HttpResponse:
    given = texts(request, "current_password")
    try:
        actions.confirm_password(request.user, given["current_password"], now=utcnow())
        act()
    except Invalid as error:
        return show(request, faults={"removal": by_field(error)["current_password"]}, status=422)
    except throttle.TooMany as error:
        return show(request, faults={"removal": str(error)}, status=429)
    messages.success(request, done)
    return redirect("security")


def _show_app(
    request: PageRequest, secret: str, *, faults: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    picture = totp.setup_picture(totp.setup_uri(secret, account=request.user.email))
    context = {
        "section": "security",
        # The picture comes from the library, and holds nothing but a path.
        "picture": mark_safe(picture),  # noqa: S308
        "secret": totp.grouped(secret),
        "faults": faults or {},
    }
    return render(request, APP_PAGE, context, status=status)


def _show_codes(request: PageRequest, made: list[str]) -> HttpResponse:
    context = {"section": "security", "codes": made, "all_codes": "\n".join(made)}
    return render(request, CODES_PAGE, context)
