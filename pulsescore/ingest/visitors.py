"""Calls of visitors of whom nothing but a browser's id is known: kept until they are somebody."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
from django.db import connection

from pulsescore.ingest.calls import Call

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Call).decode

_KEEP: Final = """
    INSERT INTO ingest_visitorcall (org_id, anonymous_id, call, occurred_at)
    SELECT %(org_id)s, * FROM unnest(%(ids)s::text[], %(calls)s::bytea[], %(ats)s::timestamptz[])
"""
# Index visitor_of_org.
_TAKE: Final = """
    DELETE FROM ingest_visitorcall
    WHERE org_id = %(org_id)s AND anonymous_id = ANY(%(ids)s::text[]) RETURNING call
"""


def keep(org_id: int, calls: Sequence[Call]) -> None:
    """Put calls aside."""
    if calls:
        _run(
            _KEEP,
            {
                "org_id": org_id,
                "ids": [call.anonymous_id for call in calls],
                "calls": [_encode(call) for call in calls],
                "ats": [call.at for call in calls],
            },
        )


def take(org_id: int, anonymous_ids: Iterable[str]) -> list[Call]:
    """The calls of visitors who have become somebody; they are kept no longer."""
    ids = list(anonymous_ids)
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"org_id": org_id, "ids": ids})
        return [_decode(bytes(call)) for (call,) in cursor.fetchall()]


def _run(statement: str, params: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
