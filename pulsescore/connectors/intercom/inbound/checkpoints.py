"""Windows in the database: planned once per run and phase, taken up again after an interruption."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet, Sum

from pulsescore.connectors.intercom.inbound.job import Job
from pulsescore.connectors.intercom.inbound.planning import PlannedWindow
from pulsescore.connectors.intercom.inbound.spans import Span
from pulsescore.connectors.intercom.inbound.writing import save_progress
from pulsescore.connectors.intercom.models import SyncWindow


@dataclass(frozen=True)
class OpenWindow:
    """A window that is not read to its end: where to go on."""

    id: int
    span: Span
    cursor: str
    read: int


def is_planned(job: Job, phase: str) -> bool:
    """Whether the windows of a phase exist already."""
    return bool(job.progress.of(phase).get("planned"))


def save_plan(job: Job, phase: str, windows: Sequence[PlannedWindow]) -> None:
    """Write the windows of a phase and that it is planned, at once."""
    job.progress.of(phase)["planned"] = True
    with transaction.atomic():
        SyncWindow.objects.for_org(job.org_id).bulk_create(
            SyncWindow(
                org_id=job.org_id,
                run=job.run,
                phase=phase,
                lower=window.span.lower,
                upper=window.span.upper,
                endings=window.span.endings,
                expected=window.expected,
            )
            for window in windows
        )
        save_progress(job)


def open_windows(job: Job, phase: str) -> list[OpenWindow]:
    """Windows that are not finished, the largest first."""
    rows = _windows(job, phase).filter(finished=False).order_by("-expected", "id")
    return [
        OpenWindow(row.pk, Span(row.lower, row.upper, row.endings), row.cursor, row.read)
        for row in rows
    ]


def count_read(job: Job, phase: str) -> int:
    """How many records all windows of a phase have brought."""
    total: int | None = _windows(job, phase).aggregate(total=Sum("read"))["total"]
    return total or 0


def _windows(job: Job, phase: str) -> QuerySet[SyncWindow]:
    return SyncWindow.objects.for_org(job.org_id).filter(run=job.run, phase=phase)
