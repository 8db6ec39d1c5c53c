"""`sync`: one sync run in the foreground."""

import asyncio
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console

from pulsescore.cli.progress import follow_run, outcome, report
from pulsescore.connectors.intercom.models import RunKind, RunStatus, Scope, SyncRun
from pulsescore.core.clock import utcnow
from pulsescore.pipeline import work as pipeline


class Command(BaseCommand):
    """Requests a run, works on it here and shows its progress."""

    help = "Sync one connection, or all of them, in this process."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which connection, what kind of run."""
        parser.add_argument("--connection", type=int)
        kinds = [kind for kind in RunKind.values if kind != RunKind.FETCH]
        parser.add_argument("--kind", choices=kinds)
        parser.add_argument("--only", choices=Scope.values)
        parser.add_argument("--accept-losses", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """One run after the other; fails when one of them failed."""
        console = Console()
        if options["only"] and (options["kind"] or options["accept_losses"]):
            raise CommandError("--only fetches one thing; it goes without --kind and losses.")
        runs = pipeline.request_runs(
            connection_id=options["connection"],
            kind=_kind(options["kind"], accepts_losses=options["accept_losses"]),
            accepts_losses=options["accept_losses"],
            scope=options["only"],
            now=utcnow(),
        )
        if not runs:
            raise CommandError("There is no connected workspace to sync. Connect one first.")
        finished = [work(run, console) for run in runs]
        for told in (line for run in finished for line in report(run)):
            console.print(told, highlight=False, markup=False)
        failed = [run for run in finished if run.error]
        if failed:
            raise CommandError(f"{outcome(failed[0])}: {failed[0].error}")


def _kind(wanted: str | None, *, accepts_losses: bool) -> str:
    """The kind of run: only a reconciliation finds what is gone."""
    if not accepts_losses:
        return wanted or RunKind.INCREMENTAL
    if wanted not in (None, RunKind.RECONCILE):
        raise CommandError("Only a run of kind reconcile finds losses.")
    return RunKind.RECONCILE


def work(run: SyncRun, console: Console) -> SyncRun:
    """Execute the run in a thread of its own while this one shows it."""
    worker = threading.Thread(target=lambda: asyncio.run(pipeline.execute_run(run.id)), daemon=True)
    worker.start()
    finished = follow_run(run, console)
    worker.join()
    if finished.status == RunStatus.SUCCEEDED:
        pipeline.rescore_pending(finished.org_id, now=utcnow())
    return finished
