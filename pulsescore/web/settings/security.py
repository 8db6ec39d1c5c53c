"""Settings → Security: password, second factors and log-ins of one's own."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from pulsescore.accounts import actions, browser_sessions, devices, throttle, tokens
from pulsescore.accounts.models import BrowserSession
from pulsescore.accounts.two_step import passkeys
from pulsescore.accounts.two_step.factors import get_factors
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import FieldFault, Invalid
from pulsescore.web.accounts.tracking import follow
from pulsescore.web.forms import by_field, texts
from pulsescore.web.pages import PageRequest, member_page

PAGE = "settings/security.html"


@never_cache
@member_page()
def security(request: PageRequest) -> HttpResponse:
    """How one logs in, and where one is logged in."""
    return show(request)


@sensitive_post_parameters()
@member_page("POST")
def password(request: PageRequest) -> HttpResponse:
    """Replace one's password; other log-ins end, this one stays."""
    given = texts(request, "current_password", "password")
    key = request.session.session_key
    try:
        user = actions.change_password(
            request.user,
            current=given["current_password"],
            password=given["password"],
            keep_session=key,
            now=utcnow(),
        )
    except Invalid as error:
        return show(request, faults=by_field(error), status=422)
    except throttle.TooMany as error:
        return show(request, faults=throttled(error), status=429)
    update_session_auth_hash(request, user)
    follow(request, key)
    messages.success(request, "Password changed. Other log-ins have ended.")
    return redirect("security")


@member_page("POST")
def end_session(request: PageRequest, session_id: int) -> HttpResponse:
    """End one log-in."""
    browser_sessions.end(request.user, session_id=session_id)
    messages.success(request, "That log-in has ended.")
    return redirect("security")


@member_page("POST")
def end_others(request: PageRequest) -> HttpResponse:
    """End every log-in but this one, by browser and by token."""
    browser_sessions.end_all(request.user, keep=request.session.session_key)
    tokens.revoke_user(request.user, now=utcnow())
    messages.success(request, "You are logged out everywhere else.")
    return redirect("security")


def throttled(error: throttle.TooMany) -> dict[str, str]:
    """A refusal of the throttle, laid beside the password."""
    return by_field(Invalid(FieldFault("current_password", str(error))))


def show(
    request: PageRequest,
    *,
    faults: dict[str, str] | None = None,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    """The page as it stands."""
    sessions = browser_sessions.list_sessions(request.user, now=utcnow())
    context = {
        "section": "security",
        "faults": faults or {},
        "factors": get_factors(request.user),
        "passkeys_offered": passkeys.offered(),
        "sessions": [_told(one, request.session.session_key) for one in sessions],
        **extra,
    }
    return render(request, PAGE, context, status=status)


def _told(session: BrowserSession, own_key: str | None) -> dict[str, Any]:
    return {
        "id": session.pk,
        "device": devices.describe(session.user_agent),
        "hand_held": devices.is_hand_held(session.user_agent),
        "address": session.address,
        "created_at": session.created_at,
        "last_seen_at": session.last_seen_at,
        "here": session.session_key == own_key,
    }
