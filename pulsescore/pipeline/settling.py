"""Sources whose first import has not settled: what moves scores there is reading, not life."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Min

from pulsescore.connectors.intercom.models import Connection, RunKind, RunStatus, SyncRun

# So long after a first import its scores may still be on their way.
SETTLES_FOR: Final = timedelta(minutes=10)


def settling_sources(org_id: int, *, now: datetime) -> dict[int, datetime]:
    """Until when changes in a source come from its first import; two small statements."""
    runs = SyncRun.objects.for_org(org_id).filter(
        kind=RunKind.FULL, status=RunStatus.SUCCEEDED, finished_at__isnull=False
    )
    first = runs.values_list("connection_id").annotate(at=Min("finished_at")).order_by()
    finished = dict(first)
    found = {}
    for connection in Connection.objects.for_org(org_id):
        if connection.pk in finished:
            found[connection.source_id] = finished[connection.pk] + SETTLES_FOR
        elif connection.last_sync_at is None:
            found[connection.source_id] = now
    return found
