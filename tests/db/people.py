"""Alice owns an organization, Bob is a member of it, Charlie a stranger with their own."""

from dataclasses import dataclass
from datetime import UTC, datetime

from pulsescore.accounts import actions, queries
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Membership, Role, User

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
PASSWORD = "a long enough secret"


@dataclass
class People:
    """Who is around, and the organization of Alice and Bob."""

    alice: User
    bob: User
    charlie: User
    org_id: int
    other_org_id: int

    def acting(self, user: User) -> Actor:
        return queries.get_actor(user=user, org_id=self.org_id)

    def join(self, user: User, role: Role) -> Membership:
        membership = Membership(org_id=self.org_id, user=user, role=role, created_at=NOW)
        membership.save()
        return membership

    def membership_id(self, user: User) -> int:
        return Membership.objects.for_org(self.org_id).get(user=user).pk


def make_people(*, now: datetime = NOW) -> People:
    """Signed up, Bob also with Alice."""
    alice, acme = sign_up("alice", now=now)
    bob, _ = sign_up("bob", now=now)
    charlie, other = sign_up("charlie", now=now)
    found = People(alice=alice, bob=bob, charlie=charlie, org_id=acme, other_org_id=other)
    found.join(bob, Role.MEMBER)
    return found


def sign_up(name: str, *, now: datetime = NOW) -> tuple[User, int]:
    user, organization = actions.register(
        org_name=f"{name} & co",
        first_name=name.title(),
        last_name="Tester",
        email=f"{name}@example.com",
        password=PASSWORD,
        now=now,
    )
    return user, organization.pk
