"""The `pulsescore` command."""

import importlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from django.core.management import call_command
from rich.console import Console

from pulsescore import __version__
from pulsescore.cli import bootstrap, demo, supervisor, up

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Customer health scores from your Intercom workspace.",
)
console = Console()

DataDir = Annotated[
    Path | None,
    typer.Option(help="Where files are kept (PULSESCORE_DATA_DIR).", show_default=False),
]
Port = Annotated[int, typer.Option(help="Port of the web pages and the API.")]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
# Loaded before the first request, which would wait for them.
_PAGES = ("pulsescore.asgi", "pulsescore.urls")


def _version(wanted: bool) -> None:
    if wanted:
        console.print(f"PulseScore {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Customer health scores from your Intercom workspace."""


@app.command("up")
def run_up(port: Port = 8000, host: Host = "127.0.0.1", data_dir: DataDir = None) -> None:
    """Run everything: embedded database, migrations, web pages and worker."""
    up.run(host=host, port=port, data_dir=data_dir, console=console)


@app.command("demo")
def run_demo(
    port: Port = 8000,
    simulator_port: Annotated[int, typer.Option(help="Port of the simulated Intercom.")] = 0,
    contacts: Annotated[int, typer.Option(help="Size of the simulated workspace.")] = 300,
    data_dir: DataDir = None,
) -> None:
    """Show PulseScore with a simulated Intercom workspace, starting afresh each time."""
    demo.run(
        port=port,
        simulator_port=simulator_port,
        contacts=contacts,
        data_dir=data_dir,
        console=console,
    )


@app.command()
def web(port: Port = 8000, host: Host = "127.0.0.1", data_dir: DataDir = None) -> None:
    """Serve the web pages and the API."""
    supervisor.end_with_parent()
    _prepare(data_dir)
    for module in _PAGES:
        importlib.import_module(module)
    supervisor.wait_at_the_door()
    uvicorn.run(
        "pulsescore.asgi:application",
        host=host,
        port=port,
        log_level="warning",
        proxy_headers=True,
        timeout_graceful_shutdown=10,
    )


@app.command()
def worker(
    concurrency: Annotated[int, typer.Option(help="Jobs worked on at once.")] = 8,
    data_dir: DataDir = None,
) -> None:
    """Work on jobs: syncing, webhooks, scoring, mail."""
    supervisor.end_with_parent()
    _prepare(data_dir)
    supervisor.wait_at_the_door()
    call_command("work", concurrency=concurrency)


@app.command()
def migrate(data_dir: DataDir = None) -> None:
    """Bring the database and the static files up to date; safe to run in several places at once."""
    _prepare(data_dir, generate_key=True)
    call_command("prepare_database")


@app.command()
def sync(
    connection: Annotated[
        int | None, typer.Argument(help="Connection to sync; all of them by default.")
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(help="full, incremental, nightly or reconcile.", show_default="incremental"),
    ] = None,
    only: Annotated[
        str | None,
        typer.Option(
            help="Fetch all users, leads or companies, and nothing else.", show_default=False
        ),
    ] = None,
    accept_losses: Annotated[
        bool,
        typer.Option(
            "--accept-losses",
            help="Reconcile, and mark as gone whatever is missing, however much that is.",
        ),
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Sync now, in this process, with a progress bar."""
    _prepare(data_dir)
    call_command("sync", connection=connection, kind=kind, only=only, accept_losses=accept_losses)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def simulator(context: typer.Context) -> None:
    """Run the Intercom simulator; `pulsescore simulator -- --help` lists its options."""
    command = [sys.executable, "-m", "intercom_sim", *context.args]
    raise typer.Exit(subprocess.call(command))  # noqa: S603 (our own program)


@app.command()
def doctor(data_dir: DataDir = None) -> None:
    """Check the installation and say what to mend."""
    _prepare(data_dir, generate_key=True)
    call_command("doctor")


def _prepare(data_dir: Path | None, *, generate_key: bool = False) -> None:
    try:
        bootstrap.prepare(
            data_dir=data_dir,
            generate_key=generate_key,
            keep_database=os.environ.get(supervisor.SUPERVISED) == "1",
        )
    except (bootstrap.SettingMissing, ValueError) as error:
        console.print(f"[red]{error}[/red]")
        raise typer.Exit(2) from None
    bootstrap.setup_django()
