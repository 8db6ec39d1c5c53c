"""Who calls: a bearer token, an API key, or the web app's session; and as whom they may act."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from ninja.security import HttpBearer
from ninja.utils import check_csrf

from pulsescore.accounts import actions, queries, tokens
from pulsescore.accounts.access import SESSION_ORG_KEY, Actor, Unauthenticated, Via
from pulsescore.accounts.models import ApiKey, Role, User
from pulsescore.accounts.secrets import API_KEY_PREFIX
from pulsescore.api.rate import spend
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Forbidden, NotFound

_HEADER = "X-Organization-ID"
_MAX_ID = 2**63 - 1
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_NO_ORG = "You belong to no organization. Create one, or accept an invitation."


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


class MemberRequest(HttpRequest):
    """A request of somebody who acts in an organization."""

    auth: Actor


class PersonRequest(HttpRequest):
    """A request of a person, whatever the organization."""

    auth: User


class ActsAs(HttpBearer):
    """Requires a caller with at least this role in the organization they name."""

    def __init__(self, role: Role) -> None:
        self.role = role
        super().__init__()

    def __call__(self, request: HttpRequest) -> Actor:
        """Resolve the actor; raises a refusal that says what is missing."""
        actor = actor_of(request)
        actor.require(self.role)
        return actor

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Unused: `__call__` decides, since sessions count too."""
        raise NotImplementedError


class Person(ActsAs):
    """Requires a person; an organization is not needed."""

    def __init__(self) -> None:
        super().__init__(Role.MEMBER)

    def __call__(self, request: HttpRequest) -> User:  # type: ignore[override]
        """Resolve the person; API keys act for organizations and are refused."""
        caller = identify(request)
        if caller.user is None:
            raise Forbidden("An API key cannot do this; sign in as a person.")
        return caller.user


member = ActsAs(Role.MEMBER)
admin = ActsAs(Role.ADMIN)
person = Person()


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


def actor_of(request: HttpRequest) -> Actor:
    """The caller acting in the organization they chose; raises `NotFound` for a foreign one."""
    caller = identify(request)
    chosen = _chosen_org(request)
    if caller.key is not None:
        return _acting_key(caller.key, chosen)
    user = caller.user
    if user is None:
        raise Unauthenticated("Sign in again.")
    if chosen is not None:
        return queries.get_actor(user=user, org_id=chosen, via=caller.via)
    if caller.via == "session":
        return _session_actor(user, caller.org_id)
    if caller.org_id is None:
        raise Forbidden(_NO_ORG)
    return _own_org_actor(user, caller.org_id)


def _acting_key(key: ApiKey, chosen: int | None) -> Actor:
    if chosen not in {None, key.org_id}:
        raise NotFound("There is no such organization.")
    return Actor(
        user=None, org_id=key.org_id, role=Role(key.role), via="api_key", api_key_id=key.pk
    )


def _session_actor(user: User, org_id: int | None) -> Actor:
    memberships = {one.org_id: one for one in queries.list_memberships(user)}
    if not memberships:
        raise Forbidden(_NO_ORG)
    here = memberships.get(org_id or 0) or next(iter(memberships.values()))
    return Actor(user=user, org_id=here.org_id, role=Role(here.role), via="session")


def _own_org_actor(user: User, org_id: int) -> Actor:
    try:
        return queries.get_actor(user=user, org_id=org_id, via="token")
    except NotFound:
        raise Forbidden("You no longer belong to this organization.") from None


def _chosen_org(request: HttpRequest) -> int | None:
    text = request.headers.get(_HEADER)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()) or int(text[:20]) > _MAX_ID:
        raise NotFound("There is no such organization.")
    return int(text)


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
    if request.method not in _SAFE and check_csrf(request) is not None:
        raise Forbidden("The CSRF token is missing or wrong. Reload the page.")
    return Caller(
        via="session",
        subject=f"user:{user.pk}",
        user=user,
        key=None,
        org_id=request.session.get(SESSION_ORG_KEY),
    )
