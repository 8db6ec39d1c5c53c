"""Keeps the list of a person's log-ins: begun and ended with the session, touched now and then."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest, HttpResponse

from pulsescore.accounts import browser_sessions, queries
from pulsescore.accounts.access import SESSION_ORG_KEY
from pulsescore.accounts.models import User
from pulsescore.core.clock import utcnow

# When the session was last noted, so that most requests need not ask the database.
SEEN_KEY = "seen_at"
# Pages ask for these by themselves: an open tab is not a person at work.
UNATTENDED = ("/banner", "/live", "/static/", "/api/", "/healthz", "/readyz", "/metrics", "/v1/")


class ActivityMiddleware:
    """Notes, at most every five minutes, that a person is at work, and in which organization."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Note the person before the page is made."""
        user = request.user
        if not request.path.startswith(UNATTENDED) and isinstance(user, User) and _is_due(request):
            note(request, user)
        return self.get_response(request)


def note(request: HttpRequest, user: User) -> None:
    """Bring the row of this session up to date; make it where there is none."""
    now = utcnow()
    if not request.session.session_key:
        request.session.create()
    browser_sessions.begin(
        user,
        session_key=str(request.session.session_key),
        address=str(request.META.get("REMOTE_ADDR") or ""),
        user_agent=str(request.META.get("HTTP_USER_AGENT") or ""),
        now=now,
    )
    request.session[SEEN_KEY] = int(now.timestamp())
    org_id = _org_of(request, user)
    if org_id is not None:
        browser_sessions.note_membership(user, org_id=org_id, now=now)


def follow(request: HttpRequest, former_key: str | None) -> None:
    """The session's key was exchanged under it: its row follows."""
    browser_sessions.rename(former_key or "", request.session.session_key or "")


def on_log_in(*, request: HttpRequest | None, user: User, **_: Any) -> None:
    """A browser logged in, whichever way."""
    if request is not None:
        note(request, user)


def on_log_out(*, request: HttpRequest | None, **_: Any) -> None:
    """A browser logged out."""
    if request is not None and request.session.session_key:
        browser_sessions.forget(request.session.session_key)


def listen() -> None:
    """Be told of log-ins and log-outs."""
    user_logged_in.connect(on_log_in, dispatch_uid="pulsescore.log_in")
    user_logged_out.connect(on_log_out, dispatch_uid="pulsescore.log_out")


def _org_of(request: HttpRequest, user: User) -> int | None:
    """The organization that is looked at; right after a log-in the one that will be."""
    actor = getattr(request, "actor", None)
    if actor is not None:
        return int(actor.org_id)
    return request.session.get(SESSION_ORG_KEY) or queries.default_org_id(user)


def _is_due(request: HttpRequest) -> bool:
    seen = request.session.get(SEEN_KEY)
    every = browser_sessions.TOUCHED_EVERY.total_seconds()
    return not isinstance(seen, int) or utcnow().timestamp() - seen >= every
