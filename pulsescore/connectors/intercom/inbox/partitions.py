"""The inbox in parts, one for each UTC day: made before the day comes, dropped when it is old.

A notification whose day has no part of its own goes into the part for any day, so that none is
refused; it is moved when its day is made.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple

import structlog
from django.db import OperationalError, connection, transaction
from psycopg import sql

from pulsescore.connectors.intercom.models import Connection, InboxNotification
from pulsescore.core.locks import lock_for_transaction

DAYS_AHEAD: Final = 7

_INBOX: Final = InboxNotification._meta.db_table
_ANY: Final = f"{_INBOX}_any"
_UPKEEP: Final = "intercom.inbox.parts"
_PARENT: Final = sql.Identifier(_INBOX)
# Who waits behind these locks is the endpoint: rather another time than long.
_PATIENCE: Final = "SET LOCAL lock_timeout = '500ms'"

# Bounds as the catalog tells them; the part for any day has none.
_LIST: Final = """
    SELECT part.relname, (regexp_match(bound.told, $$FROM \\('([^']+)'\\)$$))[1]::timestamptz,
           (regexp_match(bound.told, $$TO \\('([^']+)'\\)$$))[1]::timestamptz
    FROM pg_inherits AS link JOIN pg_class AS part ON part.oid = link.inhrelid
    CROSS JOIN LATERAL (SELECT pg_get_expr(part.relpartbound, part.oid) AS told) AS bound
    WHERE link.inhparent = %(inbox)s::regclass ORDER BY 3 NULLS LAST
"""
# What came before its day was made moves over; attaching then checks every bound.
_MAKE: Final = """
    CREATE TABLE {part} (LIKE {inbox} INCLUDING DEFAULTS);
    LOCK TABLE {any} IN ACCESS EXCLUSIVE MODE;
    WITH moved AS (
        DELETE FROM {any} WHERE received_at >= {since} AND received_at < {until} RETURNING *
    )
    INSERT INTO {part} SELECT * FROM moved;
    ALTER TABLE {inbox} ATTACH PARTITION {part} FOR VALUES FROM ({since}) TO ({until})
"""
_COUNT: Final = "SELECT count(*) FROM {part}"
_WAITING: Final = """
    SELECT EXISTS (
        SELECT 1 FROM {part} AS part JOIN {connection} AS connection
            ON connection.id = part.connection_id AND connection.status <> 'disconnected'
        WHERE part.state = 'pending'
    )
"""
# The whole before the part, as everybody else takes them.
_LOCK: Final = """
    LOCK TABLE ONLY {inbox} IN ACCESS EXCLUSIVE MODE;
    LOCK TABLE {part} IN ACCESS EXCLUSIVE MODE
"""
_DROP: Final = "DROP TABLE {part}"

logger = structlog.get_logger(__name__)


class Part(NamedTuple):
    """A part of the inbox: arrivals from `since` until before `until`, if it has bounds."""

    name: str
    since: datetime | None
    until: datetime | None

    def is_over(self, before: datetime) -> bool:
        """Whether all it may ever hold arrived before this instant."""
        return self.until is not None and self.until <= before


def list_parts() -> list[Part]:
    """Every part, oldest first, the one for any day last."""
    with connection.cursor() as cursor:
        cursor.execute(_LIST, {"inbox": _INBOX})
        return [Part(*row) for row in cursor.fetchall()]


def make_ahead(*, now: datetime, days: int = DAYS_AHEAD) -> list[date]:
    """See that today and the days to come have their part; returns those that were made."""
    today = now.astimezone(UTC).date()
    return [day for ahead in range(days + 1) if _make(day := today + timedelta(days=ahead))]


def drop_old(*, before: datetime) -> int:
    """Drop the parts that are over; returns how many notifications went with them.

    One that still holds something to be worked on stays until that is done.
    """
    return sum(_drop(part) for part in list_parts() if part.is_over(before))


def left_over(*, before: datetime) -> list[str]:
    """Parts whose old rows must go one by one: of mixed age, or kept for what waits in them."""
    parts = list_parts()
    spans_days = [part for part in parts if part.since is None]
    return [part.name for part in {*spans_days, *(one for one in parts if one.is_over(before))}]


def _make(day: date) -> bool:
    since = datetime.combine(day, time(), UTC)
    until = since + timedelta(days=1)
    statement = sql.SQL(_MAKE).format(
        part=sql.Identifier(f"{_INBOX}_{day:%Y%m%d}"),
        inbox=_PARENT,
        any=sql.Identifier(_ANY),
        since=sql.Literal(since),
        until=sql.Literal(until),
    )
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            lock_for_transaction(_UPKEEP)
            if _is_served(since):
                return False
            cursor.execute(_PATIENCE)
            cursor.execute(statement)
    except OperationalError as fault:
        logger.warning("inbox_part_not_made", day=str(day), fault=type(fault).__name__)
        return False
    return True


def _is_served(at: datetime) -> bool:
    return any(
        part.until is not None and (part.since is None or part.since <= at) and at < part.until
        for part in list_parts()
    )


def _drop(part: Part) -> int:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            lock_for_transaction(_UPKEEP)
            if part not in list_parts():
                return 0
            cursor.execute(_about(part, _COUNT))
            (forgotten,) = cursor.fetchone()
            cursor.execute(_PATIENCE)
            cursor.execute(_about(part, _LOCK))
            cursor.execute(_about(part, _WAITING))
            (is_waiting,) = cursor.fetchone()
            if is_waiting:
                return 0
            cursor.execute(_about(part, _DROP))
    except OperationalError as fault:
        logger.warning("inbox_part_not_dropped", part=part.name, fault=type(fault).__name__)
        return 0
    return int(forgotten)


def _about(part: Part, statement: str) -> sql.Composed:
    return sql.SQL(statement).format(
        part=sql.Identifier(part.name),
        inbox=_PARENT,
        connection=sql.Identifier(Connection._meta.db_table),
    )
