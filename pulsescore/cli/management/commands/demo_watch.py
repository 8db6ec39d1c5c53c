"""`demo_watch`: shows the first import as it happens, then what came out of it."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from pulsescore.accounts.models import Organization
from pulsescore.cli.management.commands import demo_setup
from pulsescore.cli.progress import follow_run
from pulsescore.cli.up import answers
from pulsescore.connectors.intercom.models import SyncRun
from pulsescore.core.clock import utcnow
from pulsescore.scoring import queries as scores
from pulsescore.store import dirty

SETTLED_PATIENCE_SECS = 120
LEVELS = (
    ("green", "Healthy"),
    ("yellow", "At risk"),
    ("red", "Critical"),
    ("none", "No score yet"),
)


class Command(BaseCommand):
    """Follows the run, waits for scores and prints the summary."""

    help = "Show the demo's first import and its result."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the two programs answer."""
        parser.add_argument("--product", required=True)
        parser.add_argument("--simulator", required=True)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Progress, table, directions."""
        console = Console()
        org = Organization.objects.get(name=demo_setup.ORGANIZATION)
        run = SyncRun.objects.for_org(org.id).latest("created_at")
        finished = follow_run(run, console)
        wait_for_scores(org.id)
        wait_for_pages(options["product"])
        if finished.error:
            console.print(f"[red]The import failed: {finished.error}[/red]")
        console.print(summary(org.id))
        console.print(directions(options["product"], options["simulator"]))


def wait_for_scores(org_id: int) -> None:
    """Wait until the scoring stage has caught up with the import."""
    deadline = time.monotonic() + SETTLED_PATIENCE_SECS
    while time.monotonic() < deadline and org_id in dirty.orgs_with_marks():
        time.sleep(0.2)


def wait_for_pages(product: str) -> None:
    """Wait until the pages answer: an import can be done before the web process has started."""
    deadline = time.monotonic() + SETTLED_PATIENCE_SECS
    while time.monotonic() < deadline and not answers(f"{product}/readyz"):
        time.sleep(0.2)


def summary(org_id: int) -> Table:
    """How many customers stand at which level."""
    table = Table(title="Customer health", title_justify="left")
    table.add_column("Level")
    table.add_column("Customers", justify="right")
    distribution = scores.risk_distribution(org_id, utcnow())
    for key, name in LEVELS:
        table.add_row(name, f"{distribution[key]:,}")
    return table


def directions(product: str, simulator: str) -> Panel:
    """What to open and what to try first."""
    return Panel(
        f"Open      [bold]{product}/[/bold]\n"
        f"Log in    {demo_setup.EMAIL}  ·  {demo_setup.PASSWORD}\n\n"
        f"The simulated Intercom is at [bold]{simulator}/[/bold]\n"
        "Two accounts there have a story: Mara Lindqvist is getting worse, Tunde Okafor recovers.\n"
        "Let one of them complain again, and watch the score fall in the browser.\n\n"
        "Stop everything with Ctrl-C.",
        title="PulseScore is ready",
        expand=False,
    )
