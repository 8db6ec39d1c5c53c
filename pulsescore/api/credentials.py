"""What a request's credentials prove: a bearer token, an API key, or the web app's session."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.middleware.csrf import CsrfViewMiddleware

from pulsescore.accounts import actions, queries, tokens
from pulsescore.accounts.access import SESSION_ORG_KEY, Unauthenticated, Via
from pulsescore.accounts.models import ApiKey, User
from pulsescore.accounts.secrets import API_KEY_PREFIX
from pulsescore.api.rate import spend
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Forbidden

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Caller:
    """What the credentials prove, before any organization is looked at."""

    via: Via
    subject: str
    user: User | None
    key: ApiKey | None
    org_id: int | None
    family: UUID | None = None

    @property
    def subject_for_writes(self) -> str:
        """The same for every log-in of one person, so that a repeat after a refresh is known."""
        return f"key:{self.key.pk}" if self.key else f"user:{self.user.pk if self.user else 0}"


def identify(request: HttpRequest) -> Caller:
    """Who calls, found once per request and counted against their rate.

    Raises `Unauthenticated`, `TooMany`, and `Forbidden` for a session without its CSRF token.
    """
    known = getattr(request, "api_caller", None)
    if known is not None:
        return cast("Caller", known)
    now = utcnow()
    caller = _from_header(request, now=now) or _from_session(request)
    request.api_caller = caller  # type: ignore[attr-defined]
    spend(request, caller.subject, now=now)
    return caller


def _from_header(request: HttpRequest, *, now: datetime) -> Caller | None:
    value = request.headers.get("Authorization")
    if value is None:
        return None
    scheme, _, secret = value.partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise Unauthenticated("Send Authorization: Bearer followed by a token or an API key.")
    if secret.startswith(API_KEY_PREFIX):
        return _from_key(secret.strip(), now=now)
    grant = tokens.verify_access(
        access_token=secret.strip(), secret_key=settings.CONFIG.secret_key, now=now
    )
    return Caller(
        via="token",
        subject=f"family:{grant.family}",
        user=grant.user,
        key=None,
        org_id=grant.org_id,
        family=grant.family,
    )


def _from_key(secret: str, *, now: datetime) -> Caller:
    key = queries.find_api_key(secret, now=now)
    if key is None:
        raise Unauthenticated("This API key is unknown, revoked or expired.")
    actions.note_use(key, now=now)
    return Caller(via="api_key", subject=f"key:{key.pk}", user=None, key=key, org_id=key.org_id)


def _from_session(request: HttpRequest) -> Caller:
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        raise Unauthenticated("Send an access token or an API key, or sign in.")
    if request.method not in SAFE and not _has_csrf_token(request):
        raise Forbidden("The CSRF token is missing or wrong. Reload the page.")
    return Caller(
        via="session",
        subject=f"user:{user.pk}",
        user=user,
        key=None,
        org_id=request.session.get(SESSION_ORG_KEY),
    )


class _CsrfCheck(CsrfViewMiddleware):
    """Checks without rendering the page that browsers get to see."""

    def _reject(self, _request: HttpRequest, reason: str) -> HttpResponseForbidden:
        return HttpResponseForbidden(reason)


def _has_csrf_token(request: HttpRequest) -> bool:
    # The framework exempts its views from the middleware, since tokens need no such proof.
    request.csrf_processing_done = False  # type: ignore[attr-defined]
    check = _CsrfCheck(_refuse)
    check.process_request(request)
    return check.process_view(request, _refuse, (), {}) is None


def _refuse(_request: HttpRequest) -> HttpResponse:
    return HttpResponseForbidden()
