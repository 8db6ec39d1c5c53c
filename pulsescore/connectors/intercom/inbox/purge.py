"""Raw bodies are kept thirty days, then forgotten: whole days at once, the rest in small steps."""

from datetime import datetime, timedelta
from typing import Final

from django.db import connection as database
from psycopg import sql

from pulsescore.connectors.intercom.inbox import partitions
from pulsescore.connectors.intercom.models import (
    Connection,
    NotificationReceipt,
)

KEPT: Final = timedelta(days=30)
_STEP: Final = 5_000

# Small steps, so that no transaction is long and vacuum keeps up; the index inbox_newest_first
# serves each connection. What still waits is kept, unless nobody will ever work on it.
_DROP_ROWS: Final = """
    DELETE FROM {inbox} WHERE id IN (
        SELECT old.id FROM {connection} AS connection
        CROSS JOIN LATERAL (
            SELECT inbox.id FROM {inbox} AS inbox
            WHERE inbox.connection_id = connection.id AND inbox.received_at < %(before)s
              AND (inbox.state <> 'pending' OR connection.status = 'disconnected')
            ORDER BY inbox.received_at LIMIT %(step)s
        ) AS old
        LIMIT %(step)s
    )
"""
# What is forgotten may be told anew: the store knows what it has.
_DROP_RECEIPTS: Final = f"""
    DELETE FROM {NotificationReceipt._meta.db_table} WHERE (connection_id, notification_id) IN (
        SELECT connection_id, notification_id FROM {NotificationReceipt._meta.db_table}
        WHERE received_at < %(before)s ORDER BY received_at LIMIT %(step)s
    )
"""


def purge(*, now: datetime, step: int = _STEP) -> int:
    """Forget notifications older than thirty days, of every organization; returns how many.

    A day's are dropped when the last of them is old enough. Days to come get their place.
    """
    partitions.make_ahead(now=now)
    before = now - KEPT
    forgotten = partitions.drop_old(before=before)
    for name in partitions.left_over(before=before):
        forgotten += _in_steps(_rows_of(name), before, step)
    _in_steps(sql.SQL(_DROP_RECEIPTS), before, step)
    return forgotten


def _rows_of(part: str) -> sql.Composed:
    return sql.SQL(_DROP_ROWS).format(
        inbox=sql.Identifier(part), connection=sql.Identifier(Connection._meta.db_table)
    )


def _in_steps(statement: sql.Composable, before: datetime, step: int) -> int:
    total = 0
    while True:
        with database.cursor() as cursor:
            cursor.execute(statement, {"before": before, "step": step})
            dropped: int = cursor.rowcount
        total += dropped
        if dropped < step:
            return total
