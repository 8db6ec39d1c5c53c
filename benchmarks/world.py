"""What benchmarks run in: an embedded database of their own and a simulator beside it."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path

import django
import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from pulsescore.core import config, crypto, embedded

TOKEN = "benchmark-token"  # noqa: S105 (known to the simulator alone)
PATIENCE_SECS = 300
TEMPLATE_SETTING = "PULSESCORE_BENCH_TEMPLATE"


@contextlib.contextmanager
def database() -> Iterator[str]:
    """A fresh, migrated database with durability on; Django is loaded inside.

    Its server is its own, unless `PULSESCORE_BENCH_TEMPLATE` names a migrated database to copy.
    """
    directory = Path(tempfile.mkdtemp(prefix="pulse-bench-"))
    template = os.environ.get(TEMPLATE_SETTING)
    try:
        with _copy_of(template) if template else _server_in(directory) as url:
            os.environ.update(
                PULSESCORE_DATABASE_URL=url,
                PULSESCORE_DATA_DIR=str(directory),
                PULSESCORE_SECRET_KEY=crypto.new_secret_key(),
                DJANGO_SETTINGS_MODULE="pulsescore.settings",
            )
            _load(url)
            if not template:
                call_command("migrate", verbosity=0)
            yield url
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _load(url: str) -> None:
    """Load Django, or have it turn to this database where it was loaded before."""
    if apps.ready:
        settings.CONFIG = config.load()
        connections.settings["default"]["NAME"] = conninfo_to_dict(url)["dbname"]
    else:
        django.setup()


@contextlib.contextmanager
def _server_in(directory: Path) -> Iterator[str]:
    try:
        yield embedded.start(directory, stop_at_exit=False)
    finally:
        embedded.stop(directory)


@contextlib.contextmanager
def _copy_of(template: str) -> Iterator[str]:
    admin = make_conninfo(template, dbname="postgres")
    name, original = f"bench_{uuid.uuid4().hex}", conninfo_to_dict(template)["dbname"]
    with psycopg.connect(admin, autocommit=True) as session:
        names = {"name": sql.Identifier(name), "original": sql.Identifier(str(original))}
        session.execute(sql.SQL("CREATE DATABASE {name} TEMPLATE {original}").format(**names))
        try:
            yield make_conninfo(template, dbname=name)
        finally:
            session.execute(sql.SQL("DROP DATABASE {name} WITH (FORCE)").format(**names))


@contextlib.contextmanager
def simulator(*, contacts: int, conversations: int, latency_ms: int = 0) -> Iterator[str]:
    """A simulated workspace in a process of its own; yields its address."""
    port = free_port()
    options = {
        "--port": port,
        "--contacts": contacts,
        "--conversations": conversations,
        "--latency-ms": latency_ms,
        "--access-token": TOKEN,
    }
    words = [str(word) for option in options.items() for word in option]
    process = subprocess.Popen([sys.executable, "-m", "intercom_sim", *words])
    url = f"http://127.0.0.1:{port}"
    os.environ["INTERCOM_API_URL"] = os.environ["INTERCOM_OAUTH_URL"] = url
    try:
        _wait_for(f"{url}/", process)
        yield url
    finally:
        process.terminate()
        process.wait(30)


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError("the simulator ended before it was ready")
        with contextlib.suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 (our own address)
            return
        time.sleep(0.1)
    raise TimeoutError(f"{url} did not answer")
