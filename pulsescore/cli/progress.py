"""A sync run as a live progress bar in the terminal."""

import time

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from pulsescore.connectors.intercom.findings import findings_of, refusals_of, refused_in_words
from pulsescore.connectors.intercom.models import RunStatus, SyncRun

LOOK_EVERY_SECS = 0.25
OPEN = {RunStatus.QUEUED, RunStatus.RUNNING}


def follow_run(run: SyncRun, console: Console) -> SyncRun:
    """Show the run until it ends; returns it as it stands then."""
    with Progress(
        SpinnerColumn(),
        TextColumn("[bold]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    ) as progress:
        task = progress.add_task("Waiting for the worker", total=None)
        while run.status in OPEN:
            time.sleep(LOOK_EVERY_SECS)
            run.refresh_from_db(from_queryset=SyncRun.objects.for_org(run.org_id))
            progress.update(
                task,
                description=f"Syncing Intercom data: {run.phase}" if run.phase else "Starting",
                completed=run.done,
                total=run.total or None,
            )
        progress.update(
            task, description=outcome(run), total=run.done or 1, completed=run.done or 1
        )
    return run


def outcome(run: SyncRun) -> str:
    """The run's result in a phrase."""
    if run.status != RunStatus.SUCCEEDED:
        return f"Sync {run.get_status_display().lower()}"
    counts = [
        f"{run.phases[phase].get('imported', 0):,} {phase}"
        for phase in ("contacts", "conversations", "companies")
        if phase in run.phases
    ]
    told = ", ".join(counts) or "nothing new"
    return f"Sync complete: {told} imported; {run.skipped:,} skipped, {run.failed:,} failed"


def report(run: SyncRun) -> list[str]:
    """What a check found that nobody had told, and what it refused to believe, a line each."""
    refused = refused_in_words(refusals_of(run.phases))
    told = [f"  {one}" for one in findings_of(run.phases)]
    if not refused:
        return told
    return [*told, refused, "If they are really gone: pulsescore sync --accept-losses"]
