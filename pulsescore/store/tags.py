"""Tags that were renamed or removed at their source, in all that carries them by name.

No object that carries a tag changes when the tag is renamed, so nobody tells of it; a new name is
known only from the source's list of tags.
"""

from collections.abc import Mapping
from contextlib import nullcontext
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from pulsescore.core.locks import lock_for_transaction
from pulsescore.store import dirty, statements

_BATCH: Final = 2_000
_TABLES: Final = ("store_customer", "store_company", "store_conversation")

# Names that came later than the list itself stand in `field_versions` and are renamed there, too.
# The hash is that of a record with the former names; without it the next read compares again.
# Names are sorted by code point, as everywhere else.
_RENAME: Final = {
    table: f"""
    WITH change AS (
        SELECT * FROM unnest(%(before)s::text[], %(after)s::text[]) AS pair (before, after)
    ), chosen AS MATERIALIZED (
        SELECT one.id FROM {table} AS one
        WHERE one.org_id = %(org_id)s AND one.source_id = %(source_id)s AND one.id > %(above)s
          AND (one.tags && %(before)s::text[]
               OR one.field_versions #> '{{deltas,tags}}' ?| %(before)s::text[])
        ORDER BY one.id LIMIT %(limit)s
    )
    UPDATE {table} AS one
    SET tags = ARRAY(
            SELECT DISTINCT coalesce(change.after, had.name) COLLATE "C"
            FROM unnest(one.tags) AS had (name) LEFT JOIN change ON change.before = had.name
            WHERE change.after IS DISTINCT FROM ''
            ORDER BY 1
        ),
        field_versions = CASE
            WHEN one.field_versions #> '{{deltas,tags}}' IS NULL THEN one.field_versions
            ELSE jsonb_set(one.field_versions, '{{deltas,tags}}', (
                SELECT coalesce(
                    jsonb_object_agg(coalesce(change.after, had.key), had.value), '{{}}'::jsonb)
                FROM jsonb_each(one.field_versions #> '{{deltas,tags}}') AS had
                LEFT JOIN change ON change.before = had.key
                WHERE change.after IS DISTINCT FROM ''))
        END,
        content_hash = NULL,
        updated_at = %(now)s
    FROM chosen WHERE chosen.id = one.id AND one.org_id = %(org_id)s
    RETURNING one.id
    """
    for table in _TABLES
}


def rename_tags(
    *,
    org_id: int,
    source_id: int,
    changes: Mapping[str, str],
    now: datetime,
    batch: int = _BATCH,
) -> int:
    """Give tags their new names, an empty one removes the tag; returns how many rows changed.

    Commits in batches, and doing it again changes nothing. Only where a new name is at the same
    time the former one of another tag, all of it is one transaction.
    """
    is_tangled = not changes.keys().isdisjoint(changes.values())
    params = {
        "org_id": org_id,
        "source_id": source_id,
        "before": list(changes),
        "after": list(changes.values()),
        "limit": batch,
        "now": now,
    }
    with transaction.atomic() if is_tangled else nullcontext():
        return sum(_rename_in(table, params) for table in _TABLES)


def _rename_in(table: str, params: Mapping[str, Any]) -> int:
    count, last = 0, 0
    while ids := _rename_some(table, {**params, "above": last}):
        count, last = count + len(ids), max(ids)
    return count


def _rename_some(table: str, params: Mapping[str, Any]) -> list[int]:
    with transaction.atomic():
        lock_for_transaction(f"source:{params['source_id']}")
        ids = [row_id for (row_id,) in statements.fetch(_RENAME[table], params)]
        if ids and table == "store_customer":
            dirty.mark(params["org_id"], ids)
        if ids:
            statements.run(statements.BUMP_SOURCE, params)
    return ids
