"""Fixtures of every test: a real PostgreSQL, started once per run from the embedded wheel."""

import os
import tempfile
from pathlib import Path

import pytest

from pulsescore.core import embedded

# Set before Django reads its settings: this file is imported first.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pulsescore.settings")
os.environ.setdefault("PULSESCORE_SECRET_KEY", "only-for-tests-0123456789abcdef0123456789")
os.environ["PULSESCORE_API_RATE"] = "0"
os.environ["PULSESCORE_DATA_DIR"] = tempfile.mkdtemp(prefix="pulsescore-test-")


def pytest_configure(config: pytest.Config) -> None:
    """Point the suite at PostgreSQL: a server by setting, else an embedded one of its own."""
    if os.environ.get("PULSESCORE_DATABASE_URL"):
        return
    os.environ["PULSESCORE_DATABASE_URL"] = embedded.start(_postgres_dir(config))


def _postgres_dir(config: pytest.Config) -> Path:
    """One server serves all workers of a run; it outlives them and is reused by the next run."""
    return Path(tempfile.gettempdir()) / f"pulsescore-tests-{os.getuid()}"
