"""Passwords of tests: hashed as in production, but without the work that makes guessing dear."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """Argon2 at its smallest: a third of a second saved wherever a test signs somebody up."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
