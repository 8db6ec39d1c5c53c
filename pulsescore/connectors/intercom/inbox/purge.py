"""Raw bodies are kept thirty days, then forgotten in small steps."""

from datetime import datetime, timedelta
from typing import Final

from django.db import connection as database

from pulsescore.connectors.intercom.models import Connection, InboxNotification

KEPT: Final = timedelta(days=30)
_STEP: Final = 5000

# Small steps, so that no transaction is long and vacuum keeps up; the index inbox_newest_first
# serves each connection. What still waits is kept, unless nobody will ever work on it.
_DROP_STEP: Final = f"""
    DELETE FROM {InboxNotification._meta.db_table} WHERE id IN (
        SELECT old.id FROM {Connection._meta.db_table} AS connection
        CROSS JOIN LATERAL (
            SELECT inbox.id FROM {InboxNotification._meta.db_table} AS inbox
            WHERE inbox.connection_id = connection.id AND inbox.received_at < %(before)s
              AND (inbox.state <> 'pending' OR connection.status = 'disconnected')
            ORDER BY inbox.received_at LIMIT %(step)s
        ) AS old
        LIMIT %(step)s
    )
"""


def purge(*, now: datetime, step: int = _STEP) -> int:
    """Forget notifications older than thirty days, of every organization; returns how many."""
    total = 0
    while True:
        with database.cursor() as cursor:
            cursor.execute(_DROP_STEP, {"before": now - KEPT, "step": step})
            dropped: int = cursor.rowcount
        total += dropped
        if dropped < step:
            return total
