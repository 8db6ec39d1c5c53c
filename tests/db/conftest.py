"""Fixtures of tests that use PostgreSQL."""

from django.contrib.auth.hashers import Argon2PasswordHasher

# Hashing a password is slow on purpose; tests log people in by the hundred.
Argon2PasswordHasher.time_cost = 1
Argon2PasswordHasher.memory_cost = 64
Argon2PasswordHasher.parallelism = 1
