"""`pulsescore demo`: the whole product with a simulated Intercom workspace beside it."""

import os
import shutil
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import typer
from django.core.management import call_command
from rich.console import Console

from pulsescore.cli import up
from pulsescore.cli.supervisor import Child
from pulsescore.core import config, embedded

CLIENT_ID = "pulsescore-demo"
CLIENT_SECRET = "pulsescore-demo-secret"  # noqa: S105 (known to the simulator alone)
ACCESS_TOKEN = "demo-token"  # noqa: S105 (known to the simulator alone)
SIMULATOR_PATIENCE_SECS = 30
RESTART_WEBHOOK_SECS = 5


@dataclass(frozen=True)
class Addresses:
    """Where the demo's two programs answer."""

    port: int
    simulator_port: int

    @property
    def product(self) -> str:
        """Address of the pages."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def simulator(self) -> str:
        """Address of the simulated Intercom."""
        return f"http://127.0.0.1:{self.simulator_port}"


def run(
    *, port: int, simulator_port: int, contacts: int, data_dir: Path | None, console: Console
) -> None:
    """Start afresh, import the simulated workspace while the terminal shows it, then stay."""
    if not is_free(port):
        console.print(f"[red]Port {port} is taken. Choose another: make demo DEMO_PORT=8010[/red]")
        raise typer.Exit(2)
    addresses = Addresses(port, simulator_port or free_port(port + 100))
    directory = data_dir or config.load().data_dir / "demo"
    clear(directory)
    set_environment(addresses)
    installation = up.start_database(directory, console)
    supervisor = up.supervise(installation, host="127.0.0.1", port=port, console=console)
    supervisor.children.insert(0, simulator(addresses, contacts))
    try:
        supervisor.start_early()
        up.prepare_database(console)
        supervisor.start()
        wait_for_simulator(addresses, console)
        call_command("demo_setup", access_token=ACCESS_TOKEN)
        call_command("demo_watch", product=addresses.product, simulator=addresses.simulator)
        supervisor.run()
    except KeyboardInterrupt:
        console.print("Stopping ...", style="dim")
    finally:
        supervisor.stop()
        up.stop_database(installation)
        console.print("Stopped.", style="dim")


def simulator(addresses: Addresses, contacts: int) -> Child:
    """The simulated Intercom, told to announce changes to the product."""
    webhook_url = f"{addresses.product}/api/v1/webhooks/intercom"
    options = {
        "--port": addresses.simulator_port,
        "--contacts": contacts,
        "--webhook-url": webhook_url,
        "--webhook-retry-secs": RESTART_WEBHOOK_SECS,
        "--client-id": CLIENT_ID,
        "--client-secret": CLIENT_SECRET,
        "--access-token": ACCESS_TOKEN,
    }
    words = [str(word) for option in options.items() for word in option]
    return Child("simulator", [sys.executable, "-m", "intercom_sim", *words])


def set_environment(addresses: Addresses) -> None:
    """Point the product at the simulator, by the settings that any operator could use."""
    os.environ.update(
        PULSESCORE_PUBLIC_URL=addresses.product,
        INTERCOM_API_URL=addresses.simulator,
        INTERCOM_OAUTH_URL=addresses.simulator,
        INTERCOM_CLIENT_ID=CLIENT_ID,
        INTERCOM_CLIENT_SECRET=CLIENT_SECRET,
    )


def clear(directory: Path) -> None:
    """Forget an earlier demo, also one that was killed while its database ran on."""
    if (directory / "postgres").exists():
        embedded.stop(directory)
    shutil.rmtree(directory, ignore_errors=True)


def wait_for_simulator(addresses: Addresses, console: Console) -> None:
    """Wait until the simulated workspace answers."""
    deadline = time.monotonic() + SIMULATOR_PATIENCE_SECS
    while time.monotonic() < deadline:
        if up.answers(f"{addresses.simulator}/"):
            return
        time.sleep(0.1)
    console.print("[red]The Intercom simulator did not start.[/red]")
    raise typer.Exit(1)


def is_free(port: int) -> bool:
    """Whether nothing listens on this local port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def free_port(wanted: int) -> int:
    """The wanted port, or else any free one."""
    if is_free(wanted):
        return wanted
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
