"""As whom a caller acts: the organization they name, and the role they hold there."""

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from pulsescore.accounts import queries
from pulsescore.accounts.access import Actor, Unauthenticated
from pulsescore.accounts.models import ApiKey, Role, Scope, User
from pulsescore.api.credentials import SAFE, identify
from pulsescore.core.errors import Forbidden, NotFound

_HEADER = "X-Organization-ID"
_MAX_ID = 2**63 - 1
_NO_ORG = "You belong to no organization. Create one, or accept an invitation."


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
owner = ActsAs(Role.OWNER)
person = Person()


def actor_of(request: HttpRequest) -> Actor:
    """The caller acting in the organization they chose; raises `NotFound` for a foreign one."""
    caller = identify(request)
    chosen = _chosen_org(request)
    if caller.key is not None:
        if request.method not in SAFE and Scope.WRITE not in caller.key.scopes:
            raise Forbidden("This API key only reads.")
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
