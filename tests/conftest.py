"""Fixtures of every test: a real PostgreSQL, started once per run from the embedded wheel."""

import atexit
import importlib
import os
import tempfile
from pathlib import Path

import django
import psycopg
import pytest
from django.conf import settings
from hypothesis import settings as hypothesis_settings

from pulsescore.core import embedded


def _postgres_dir() -> Path:
    """One server serves all workers of a run; the last one to leave stops it."""
    return Path(tempfile.gettempdir()) / f"pulsescore-tests-{os.getuid()}"


def _wait_for_no_disk(url: str) -> None:
    """Tests that commit ask whether it lasts when a process dies, not when the machine does."""
    with psycopg.connect(url, autocommit=True) as session:
        session.execute("ALTER SYSTEM SET fsync = off")
        session.execute("SELECT pg_reload_conf()")


# Settings are read when Django is first imported, so the environment is made here, not in a hook.
os.environ.setdefault("PULSESCORE_SECRET_KEY", "only-for-tests-0123456789abcdef0123456789")
# Each worker has a directory of its own: whether static files are laid out there is seen by pages.
if "PULSESCORE_DATA_DIR" not in os.environ or "PYTEST_XDIST_WORKER" in os.environ:
    data_dir = tempfile.TemporaryDirectory(prefix="pulsescore-test-")
    atexit.register(data_dir.cleanup)
    os.environ["PULSESCORE_DATA_DIR"] = data_dir.name
os.environ["PULSESCORE_API_RATE"] = "0"
os.environ["PULSESCORE_DATABASE_POOL"] = "0"
if not os.environ.get("PULSESCORE_DATABASE_URL"):
    os.environ["PULSESCORE_DATABASE_URL"] = embedded.start(_postgres_dir())
    _wait_for_no_disk(os.environ["PULSESCORE_DATABASE_URL"])
os.environ["DJANGO_SETTINGS_MODULE"] = "pulsescore.settings"
django.setup()
importlib.import_module("tests.emptying").use()
settings.PASSWORD_HASHERS = ["tests.passwords.QuickArgon2", *settings.PASSWORD_HASHERS]

# Generated cases are judged by what they come to, not by how busy the machine is.
hypothesis_settings.register_profile("patient", deadline=None)
hypothesis_settings.load_profile("patient")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Worlds that many tests look at, see `tests.kept`."""
    importlib.import_module("tests.worlds").prepare(item)
