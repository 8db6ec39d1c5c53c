"""Sources whose first import has not settled: what moves scores there is reading, not life."""

from datetime import datetime, timedelta
from typing import Final

from pulsescore.connectors.intercom.models import Connection, RunKind, RunStatus, SyncRun

# After a first import its last scores are still on their way: for a part of the time it took.
SHARE: Final = 0.5
SHORTEST: Final = timedelta(minutes=1)
LONGEST: Final = timedelta(minutes=10)


def settling_sources(org_id: int, *, now: datetime) -> dict[int, datetime]:
    """Until when changes in a source come from its first import; two small statements."""
    settled = _settled(org_id)
    found = {}
    for connection in Connection.objects.for_org(org_id):
        if connection.pk in settled:
            found[connection.source_id] = settled[connection.pk]
        elif connection.last_sync_at is None:
            found[connection.source_id] = now
    return found


def _settled(org_id: int) -> dict[int, datetime]:
    """When the first full import of each connection has settled, as far as it ended."""
    runs = SyncRun.objects.for_org(org_id).filter(
        kind=RunKind.FULL, status=RunStatus.SUCCEEDED, finished_at__isnull=False
    )
    first = runs.order_by("connection_id", "finished_at").distinct("connection_id")
    return {
        run.connection_id: run.finished_at + _settling(run.started_at, run.finished_at)
        for run in first
        if run.finished_at is not None
    }


def _settling(began: datetime | None, ended: datetime) -> timedelta:
    took = ended - began if began is not None else timedelta()
    return min(max(took * SHARE, SHORTEST), LONGEST)
