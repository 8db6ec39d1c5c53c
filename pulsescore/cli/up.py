"""`pulsescore up`: the whole product on one machine, under one supervisor."""

import sys
import time
import urllib.error
import urllib.request
from http import HTTPStatus
from pathlib import Path

import typer
from django.core.management import call_command
from rich.console import Console

from pulsescore.cli import bootstrap
from pulsescore.cli.supervisor import Child, Supervisor
from pulsescore.core import embedded

READY_PATIENCE_SECS = 60


def run(*, host: str, port: int, data_dir: Path | None, console: Console) -> None:
    """Start all parts, say where the pages are, and keep them running until Ctrl-C."""
    installation = start_database(data_dir, console)
    supervisor = supervise(installation, host=host, port=port, console=console)
    try:
        supervisor.start_early()
        prepare_database(console)
        supervisor.start()
        if wait_until_ready(port, supervisor):
            console.print(f"PulseScore is ready: [bold]http://{host}:{port}/[/bold]")
            console.print("Stop it with Ctrl-C.", style="dim")
        supervisor.run()
    except KeyboardInterrupt:
        console.print("Stopping ...", style="dim")
    finally:
        supervisor.stop()
        stop_database(installation)
        console.print("Stopped.", style="dim")


def start_database(data_dir: Path | None, console: Console) -> bootstrap.Installation:
    """The installation, with its database running."""
    with console.status("Starting the database ..."):
        try:
            return bootstrap.prepare(data_dir=data_dir, generate_key=True, keep_database=True)
        except ValueError as error:
            console.print(f"[red]{error}[/red]")
            raise typer.Exit(2) from None


def prepare_database(console: Console) -> None:
    """Django loaded, the database migrated, static files laid out."""
    with console.status("Preparing the database ..."):
        bootstrap.setup_django()
        call_command("prepare_database")


def supervise(
    installation: bootstrap.Installation, *, host: str, port: int, console: Console
) -> Supervisor:
    """A supervisor of web and worker that also keeps an embedded database alive."""
    python = [sys.executable, "-m", "pulsescore"]
    children = [
        Child("web", [*python, "web", "--host", host, "--port", str(port)], early=True),
        Child("worker", [*python, "worker"]),
    ]

    def watch() -> None:
        if installation.embedded and not embedded.is_running(installation.data_dir):
            console.print("The database stopped; starting it again.")
            embedded.restart(installation.data_dir)

    return Supervisor(children, watch=watch, say=console.print)


def wait_until_ready(port: int, supervisor: Supervisor) -> bool:
    """Wait until the web process answers its readiness probe; False if it ended instead."""
    deadline = time.monotonic() + READY_PATIENCE_SECS
    while time.monotonic() < deadline:
        if any(child.name == "web" and child.died() for child in supervisor.children):
            return False
        if answers(f"http://127.0.0.1:{port}/readyz"):
            return True
        time.sleep(0.1)
    return False


def answers(url: str) -> bool:
    """Whether the address answers with success right now."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 (our own address)
            return bool(response.status == HTTPStatus.OK)
    except (urllib.error.URLError, OSError):
        return False


def stop_database(installation: bootstrap.Installation) -> None:
    """Stop the embedded server that this command owns."""
    if installation.embedded:
        embedded.stop(installation.data_dir)
