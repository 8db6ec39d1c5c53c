"""Who is acting, in which organization, with which role, and what that role allows."""

from dataclasses import dataclass
from typing import Literal

from pulsescore.accounts.models import Role, User
from pulsescore.core.errors import Forbidden, Rejected

Via = Literal["session", "token", "api_key", "command"]

RANK = {Role.MEMBER: 0, Role.ADMIN: 1, Role.OWNER: 2}

# Which organization a browser session is looking at; missing means the first one joined.
SESSION_ORG_KEY = "org_id"


class Unauthenticated(Rejected):
    """The caller did not prove who they are, or may no longer sign in."""


@dataclass(frozen=True)
class Actor:
    """A person or program acting in one organization, with the role held there now.

    `user` is `None` for an API key: keys act for the organization, not for a person.
    """

    user: User | None
    org_id: int
    role: Role
    via: Via
    api_key_id: int | None = None

    def allows(self, role: Role) -> bool:
        """Whether this actor's role is at least `role`."""
        return RANK[self.role] >= RANK[role]

    def require(self, role: Role) -> None:
        """Raise `Forbidden` unless the actor's role is at least `role`."""
        if not self.allows(role):
            raise Forbidden(f"This needs the role {role.label.lower()} in this organization.")

    def require_person(self) -> User:
        """The person behind the actor; raises `Forbidden` for an API key."""
        if self.user is None:
            raise Forbidden("An API key cannot do this; sign in as a person.")
        return self.user
