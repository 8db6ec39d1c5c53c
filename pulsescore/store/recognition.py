"""What is stored just as a record tells it, known by the fingerprint of the record. Read only."""

from collections.abc import Sequence
from typing import Final

from pulsescore.store import statements
from pulsescore.store.kinds import KINDS, Kind
from pulsescore.store.records import ObjectKind


def _statement(kind: Kind) -> str:
    """Places of the fingerprints whose thing says what it said when it was stored with them.

    One probe of the identity key each, as `statements` does it. Who is held or buried besides, or
    may have been told another thing in the same second, needs the closer look of `write`.
    """
    return f"""
        SELECT told.place
        FROM unnest(%(ids)s::text[], %(fingerprints)s::text[])
             WITH ORDINALITY AS told (external_id, fingerprint, place)
        CROSS JOIN LATERAL (
            SELECT found.* FROM {kind.table} AS found
            WHERE found.source_id = %(source_id)s AND found.external_id = told.external_id
            LIMIT 1) AS t
        WHERE t.org_id = %(org_id)s AND t.deleted_at IS NULL AND {statements.SETTLED}
          AND t.fingerprint = decode(told.fingerprint, 'hex') || t.content_hash
          AND NOT {_apart("store_heldrecord")} AND NOT {_apart("store_tombstone")}
    """


def _apart(table: str) -> str:
    """Whether the thing has a row there; answered once where nothing of its kind has."""
    mine = "org_id = %(org_id)s AND source_id = %(source_id)s AND kind = %(kind)s"
    return f"""(EXISTS (SELECT 1 FROM {table} WHERE {mine})
            AND EXISTS (SELECT 1 FROM {table} AS other WHERE {mine}
                        AND other.external_id = told.external_id))"""


_STATEMENTS: Final = {name: _statement(kind) for name, kind in KINDS.items()}


def would_change_nothing(
    kind: ObjectKind, told: Sequence[tuple[str, bytes]], *, org_id: int, source_id: int
) -> list[bool]:
    """Of each external id with a fingerprint, whether a record with it says what is stored."""
    scope = {
        "org_id": org_id,
        "source_id": source_id,
        "kind": kind,
        "ids": [external_id for external_id, _ in told],
        "fingerprints": [fingerprint.hex() for _, fingerprint in told],
    }
    places = {place for (place,) in statements.fetch(_STATEMENTS[kind], scope)}
    return [place in places for place in range(1, len(told) + 1)]
