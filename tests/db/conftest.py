"""Fixtures of tests that use PostgreSQL."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from pytest_django import DjangoDbBlocker

from tests.db.api.world import make_world
from tests.db.web.world import make_alices
from tests.kept import KEEPER, commits

# Hashing a password is slow on purpose; tests log people in by the hundred.
Argon2PasswordHasher.time_cost = 1
Argon2PasswordHasher.memory_cost = 64
Argon2PasswordHasher.parallelism = 1

WORLDS = {"alices": ("tests/db/web/", make_alices), "world": ("tests/db/api/", make_world)}


@pytest.fixture(scope="session", autouse=True)
def kept(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Worlds are kept from now on, and given up before the database is."""
    KEEPER.blocker = django_db_blocker
    yield
    KEEPER.turn_to(None)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """The world that a test looks at is there before its own transaction begins."""
    KEEPER.turn_to(None if commits(item) else _world_of(item))


def _world_of(item: pytest.Item) -> Callable[[], Any] | None:
    for name, (folder, making) in WORLDS.items():
        if name in getattr(item, "fixturenames", ()) and item.nodeid.startswith(folder):
            return making
    return None
