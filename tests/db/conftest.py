"""Fixtures of tests that use PostgreSQL."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from pytest_django import DjangoDbBlocker

from tests.kept import KEEPER

# Hashing a password is slow on purpose; tests log people in by the hundred.
Argon2PasswordHasher.time_cost = 1
Argon2PasswordHasher.memory_cost = 64
Argon2PasswordHasher.parallelism = 1


@pytest.fixture(scope="session", autouse=True)
def kept(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Worlds are kept from now on, and given up before the database is."""
    KEEPER.blocker = django_db_blocker
    yield
    KEEPER.turn_to(None)
