"""A database, settings and a server of this run's own."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

PATIENCE_SECS = 60


def prepare(directory: Path, *, port: int) -> str:
    """A database in the directory, and Django set up for it; returns where pages will be."""
    from pulsescore.core import embedded  # noqa: PLC0415 (before Django is set up)

    home = f"http://127.0.0.1:{port}"
    os.environ |= {
        "PULSESCORE_SECRET_KEY": "screenshots-0123456789abcdef0123456789abcdef",
        "PULSESCORE_DATA_DIR": str(directory),
        "PULSESCORE_DATABASE_URL": embedded.start(directory),
        "PULSESCORE_PUBLIC_URL": home,
        "PULSESCORE_API_RATE": "0",
        "PULSESCORE_DEBUG": "1",
        "INTERCOM_CLIENT_ID": "screenshots",
        "DJANGO_SETTINGS_MODULE": "tools.screenshots.settings",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
    }
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)
    return home


@contextlib.contextmanager
def serving(port: int) -> Iterator[None]:
    """The pages, served by a process of their own."""
    command = [sys.executable, "-m", "uvicorn", "pulsescore.asgi:application"]
    server = subprocess.Popen([*command, "--port", str(port), "--log-level", "warning"])
    try:
        deadline = time.monotonic() + PATIENCE_SECS
        while not _answers(port):
            if time.monotonic() > deadline:
                raise TimeoutError("The pages are not being served.")
            time.sleep(0.2)
        yield
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(10)


def _answers(port: int) -> bool:
    address = f"http://127.0.0.1:{port}/healthz"
    try:
        with urllib.request.urlopen(address, timeout=5) as response:
            return bool(response.status)
    except (urllib.error.URLError, OSError):
        return False
