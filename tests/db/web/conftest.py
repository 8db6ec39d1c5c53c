"""Alice the owner, Bob the member, Charlie the stranger, and an organization with a past."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from pulsescore.accounts.models import Membership, Role, User
from pulsescore.core.clock import utcnow
from tests import seeding
from tests.db.web.world import make_alices
from tests.kept import KEEPER


@pytest.fixture
def now() -> datetime:
    return utcnow().astimezone(UTC)


@pytest.fixture
def alices(db: None) -> seeding.Seeded:
    """Alice's organization with a dozen customers."""
    made: seeding.Seeded = KEEPER.world(make_alices)
    return made


@pytest.fixture
def alice(alices: seeding.Seeded) -> Client:
    return logged_in(alices.user)


@pytest.fixture
def bob(alices: seeding.Seeded, now: datetime) -> Client:
    """A member of Alice's organization."""
    user = User.objects.create_user("bob@example.com", seeding.PASSWORD, first_name="Bob")
    Membership(org=alices.organization, user=user, role=Role.MEMBER).save()
    return logged_in(user)


@pytest.fixture
def charlie(db: None, now: datetime) -> Client:
    """The owner of another organization."""
    user, _organization = seeding.register("charlie@example.com", name="Elsewhere", now=now)
    return logged_in(user)


@pytest.fixture
def stranger(db: None) -> Client:
    """Nobody we know."""
    return Client()


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
