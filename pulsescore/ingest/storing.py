"""The statements of the endpoint: whose a write key is, and many requests stored at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from psycopg import sql

# Keys of organizations that were deleted open nothing.
KEY: Final = """
    SELECT k.id, k.org_id, k.forwards_to_messenger FROM ingest_writekey AS k
    JOIN accounts_organization AS o ON o.id = k.org_id AND o.deleted_at IS NULL
    WHERE k.key = %(key)s AND k.revoked_at IS NULL
"""

# Binary parameters: bodies are bytes. A key that was removed meanwhile drops its own batch only.
# The last use is noted once a minute, so that the row of a busy key is not written all the time.
INSERT: Final = sql.SQL(
    """
    WITH came AS (
        SELECT came.*, k.org_id FROM unnest(
            %(keys)b::bigint[], %(calls)b::bytea[], %(sizes)b::int[], %(ats)b::timestamptz[]
        ) AS came (key_id, calls, size, at)
        JOIN ingest_writekey AS k ON k.id = came.key_id
    ), used AS (
        UPDATE ingest_writekey AS k SET last_used_at = came.at
        FROM (SELECT key_id, max(at) AS at FROM came GROUP BY key_id) AS came
        WHERE k.id = came.key_id
          AND (k.last_used_at IS NULL OR k.last_used_at < came.at - interval '1 minute')
    )
    INSERT INTO ingest_arrivedbatch (org_id, calls, size, received_at, next_attempt_at)
    SELECT org_id, calls, size, at, at FROM came
    RETURNING org_id
    """
)


class Key(NamedTuple):
    """A write key that may be used."""

    id: int
    org_id: int
    forwards_to_messenger: bool


class Arrival(NamedTuple):
    """The accepted calls of one request, packed."""

    key_id: int
    calls: bytes
    size: int
    received_at: datetime


def parameters(arrivals: Sequence[Arrival]) -> dict[str, Any]:
    """Columns of arrivals for `INSERT`."""
    return {
        "keys": [one.key_id for one in arrivals],
        "calls": [one.calls for one in arrivals],
        "sizes": [one.size for one in arrivals],
        "ats": [one.received_at for one in arrivals],
    }
