"""The SQL with which the store writes what sources tell, each with the reason why it is so.

Marks have theirs in `mark_statements`, merged and erased people in `person_statements`.

All are set-based: how many run does not depend on how many records came. All run under the lock of
their source (see `write`), which is why reading first and writing afterwards cannot race. Lists of
external ids are parameters of type text[]; the identity keys (source, external_id) serve them.
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection

from pulsescore.core.copy_format import array_literal
from pulsescore.store.kinds import Kind


def run(statement: str, params: Mapping[str, Any]) -> int:
    """Execute a statement; returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, _bound(params))
        return int(cursor.rowcount)


def fetch(statement: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(statement, _bound(params))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def fetch_dicts(statement: str, params: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a query, by column."""
    with connection.cursor() as cursor:
        cursor.execute(statement, _bound(params))
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _bound(params: Mapping[str, Any]) -> dict[str, Any]:
    """Long lists as array literals, which are many times cheaper than adapting each item."""
    return {
        name: _literal(value) if isinstance(value, list) else value
        for name, value in params.items()
    }


def _literal(items: list[Any]) -> Any:
    if len(set(map(type, items))) == 1 and type(items[0]) in (str, int):
        return array_literal(items)
    return items


def by_names(table: str, columns: str, *, only: str = "TRUE") -> str:
    """Rows by external id, one probe of the identity key each.

    LIMIT keeps the planner from turning this into a join, and the organization is compared outside
    so that only the identity key can serve. In the midst of an organization's first import the
    planner has no statistics about it, believes that it has a row or two, and would read all its
    rows for each call.
    """
    return f"""
        SELECT {columns} FROM unnest(%(ids)s::text[]) AS named(external_id)
        CROSS JOIN LATERAL (
            SELECT found.* FROM {table} found
            WHERE found.source_id = %(source_id)s AND found.external_id = named.external_id
              AND {only}
            LIMIT 1) AS t
        WHERE t.org_id = %(org_id)s
    """


def by_ids(table: str, columns: str) -> str:
    """Rows by id, one probe of the primary key each, for the same reason.

    The organization is compared outside, or the planner would scan an index that it leads.
    """
    return f"""
        SELECT {columns} FROM unnest(%(ids)s::bigint[]) AS wanted(id)
        CROSS JOIN LATERAL (
            SELECT found.* FROM {table} found WHERE found.id = wanted.id LIMIT 1) AS t
        WHERE t.org_id = %(org_id)s
    """


# Most sources have buried and hold little: an uncorrelated EXISTS is answered first and once, so
# that looking for thousands of names among nothing costs next to nothing.
_ANY_BURIED = """EXISTS (
        SELECT 1 FROM store_tombstone
        WHERE org_id = %(org_id)s AND source_id = %(source_id)s AND kind = 'customer')"""
_ANY_HELD = """EXISTS (
        SELECT 1 FROM store_heldrecord
        WHERE org_id = %(org_id)s AND source_id = %(source_id)s AND kind = %(kind)s)"""

BUMP_SOURCE = """
    UPDATE store_source SET revision = revision + 1
    WHERE id = %(source_id)s AND org_id = %(org_id)s
"""
# Held to the end: the source, and so its organization, is removed after what is being written.
SOURCE_OF_ORG = """
    SELECT 1 FROM store_source WHERE id = %(source_id)s AND org_id = %(org_id)s FOR KEY SHARE
"""

# As `merge.is_settled` says it.
SETTLED = "coalesce(date_trunc('second', t.observed_at) > t.remote_updated_at, FALSE)"


def light_rows(kind: Kind) -> str:
    """What tells whether a record is news; whole rows are read only where it is."""
    return by_names(
        kind.table,
        f"t.external_id, t.id, t.content_hash, t.deleted_at IS NOT NULL AS is_deleted, {SETTLED}",
    )


def whole_rows(kind: Kind) -> str:
    """All that merging needs of the rows that records change."""
    facts = ", ".join(f"t.{column}" for column in kind.layout.columns)
    return by_ids(
        kind.table,
        "t.id, t.external_id, t.remote_updated_at, t.observed_at, t.confirmed_at,"
        f" t.field_versions, t.deleted_at, t.deleted_reason, {facts}",
    )


# A merged contact may point to one that was merged in its turn: follow to the end. UNION drops
# what was seen, so even a circle ends.
TOMBSTONES_OF_CONTACTS = f"""
    WITH RECURSIVE named(external_id) AS (
        SELECT external_id FROM unnest(%(ids)s::text[]) AS n(external_id) WHERE {_ANY_BURIED}
        UNION
        SELECT t.merged_into_external_id FROM store_tombstone t JOIN named USING (external_id)
        WHERE t.org_id = %(org_id)s AND t.source_id = %(source_id)s AND t.kind = 'customer'
          AND t.merged_into_external_id IS NOT NULL
    )
    SELECT t.external_id, t.at, t.reason, t.merged_into_external_id
    FROM store_tombstone t JOIN named USING (external_id)
    WHERE t.org_id = %(org_id)s AND t.source_id = %(source_id)s AND t.kind = 'customer'
"""

# The other way round: everybody who was merged into these contacts, also through others.
ALIASES_OF = f"""
    WITH RECURSIVE merged(external_id, target) AS (
        SELECT external_id, merged_into_external_id FROM store_tombstone
        WHERE org_id = %(org_id)s AND source_id = %(source_id)s AND kind = 'customer'
          AND merged_into_external_id = ANY(%(ids)s) AND {_ANY_BURIED}
        UNION
        SELECT t.external_id, t.merged_into_external_id
        FROM store_tombstone t JOIN merged m ON t.merged_into_external_id = m.external_id
        WHERE t.org_id = %(org_id)s AND t.source_id = %(source_id)s AND t.kind = 'customer'
    )
    SELECT external_id, target FROM merged
"""

CUSTOMER_IDS = by_names("store_customer", "t.external_id, t.id")

COMPANY_IDS = by_names("store_company", "t.external_id, t.id")

CONVERSATION_IDS = by_names("store_conversation", "t.external_id, t.id")

TOMBSTONES = by_names(
    "store_tombstone",
    "t.external_id, t.at, t.reason, t.merged_into_external_id",
    only="found.kind = %(kind)s",
)

# A later end replaces an earlier one, a final one any; an unchanged one writes nothing.
PUT_TOMBSTONES = """
    INSERT INTO store_tombstone (org_id, source_id, kind, external_id, at, reason,
                                 merged_into_external_id)
    SELECT %(org_id)s, %(source_id)s, kind, external_id, at, reason, target
    FROM unnest(%(kinds)s::text[], %(ids)s::text[], %(ats)s::timestamptz[], %(reasons)s::text[],
                %(targets)s::text[]) AS new(kind, external_id, at, reason, target)
    ON CONFLICT (source_id, kind, external_id) DO UPDATE
    SET at = excluded.at, reason = excluded.reason,
        merged_into_external_id = excluded.merged_into_external_id
    WHERE (excluded.at, excluded.reason) IS DISTINCT FROM (store_tombstone.at,
                                                           store_tombstone.reason)
       OR excluded.merged_into_external_id
          IS DISTINCT FROM store_tombstone.merged_into_external_id
"""

DROP_TOMBSTONES = """
    DELETE FROM store_tombstone
    WHERE org_id = %(org_id)s AND source_id = %(source_id)s AND kind = %(kind)s
      AND external_id = ANY(%(ids)s) AND reason NOT IN ('merged', 'erased')
"""

HELD_LIGHT = by_names(
    "store_heldrecord",
    f"t.external_id, t.id, t.content_hash, t.reason, t.observed_at, {SETTLED}",
    only=f"found.kind = %(kind)s AND {_ANY_HELD}",
)

HELD_WHOLE = by_names(
    "store_heldrecord",
    "t.external_id, t.record",
    only="found.kind = %(kind)s AND found.record IS NOT NULL",
)

# What waits for things that just became known. The GIN index held_waiting serves the overlap.
RELEASED = f"""
    SELECT external_id, record FROM store_heldrecord
    WHERE org_id = %(org_id)s AND source_id = %(source_id)s AND kind = %(kind)s
      AND waits_for <> '{{}}' AND waits_for && %(awaited)s::text[] AND {_ANY_HELD}
"""

DROP_HELD = """
    DELETE FROM store_heldrecord
    WHERE org_id = %(org_id)s AND source_id = %(source_id)s AND kind = %(kind)s
      AND external_id = ANY(%(ids)s)
"""

# A held good record stays beneath the notice that a later one was malformed.
PUT_MALFORMED = """
    INSERT INTO store_heldrecord (org_id, source_id, kind, external_id, reason, detail, waits_for,
                                  observed_at, held_at)
    SELECT %(org_id)s, %(source_id)s, kind, external_id, 'malformed', detail, '{}', observed_at,
           %(now)s
    FROM unnest(%(kinds)s::text[], %(ids)s::text[], %(details)s::text[],
                %(observed)s::timestamptz[]) AS new(kind, external_id, detail, observed_at)
    ON CONFLICT (source_id, kind, external_id) DO UPDATE
    SET reason = 'malformed', detail = excluded.detail, observed_at = excluded.observed_at
    WHERE store_heldrecord.observed_at < excluded.observed_at
      AND (store_heldrecord.reason, store_heldrecord.detail)
          IS DISTINCT FROM ('malformed', excluded.detail)
"""

PARTICIPANTS = """
    SELECT DISTINCT customer_id FROM store_participant WHERE org_id = %(org_id)s
      AND conversation_id = ANY(%(ids)s)
"""

CONTACTS_OF_CONVERSATIONS = by_ids("store_conversation", "t.external_id, t.contact_external_ids")

# Once per (conversation, kind, instant); returns only what is new.
PUT_ACTIVITIES = """
    INSERT INTO store_conversationactivity (org_id, conversation_id, kind, at)
    SELECT %(org_id)s, conversation_id, kind, at
    FROM unnest(%(ids)s::bigint[], %(kinds)s::text[], %(ats)s::timestamptz[])
         AS new(conversation_id, kind, at)
    ON CONFLICT (conversation_id, kind, at) DO NOTHING
    RETURNING conversation_id
"""

# Counters are derived: statistics as of their version, plus what happened after it.
_COUNTED = "t.id, t.stats_reopens, t.stats_assignments, t.stats_version_at"
RECOUNT = f"""
    WITH counted AS (
        SELECT c.id,
               c.stats_reopens + count(a.id) FILTER (WHERE a.kind = 'reopened') AS reopens,
               c.stats_assignments + count(a.id) FILTER (WHERE a.kind = 'assigned') AS assignments
        FROM ({by_ids("store_conversation", _COUNTED)}) AS c
        LEFT JOIN store_conversationactivity a ON a.conversation_id = c.id
          AND a.kind IN ('reopened', 'assigned')
          AND (c.stats_version_at IS NULL OR a.at > c.stats_version_at)
        GROUP BY c.id, c.stats_reopens, c.stats_assignments
    )
    UPDATE store_conversation c
    SET reopen_count = counted.reopens, assignment_count = counted.assignments,
        updated_at = %(now)s
    FROM counted WHERE c.id = counted.id
      AND (c.reopen_count, c.assignment_count) IS DISTINCT FROM (counted.reopens,
                                                                 counted.assignments)
    RETURNING c.id
"""

PUT_EVENTS = """
    INSERT INTO store_timelineevent (org_id, customer_id, source, name, occurred_at, received_at,
                                     properties, context, dedupe_key)
    SELECT %(org_id)s, customer_id, source, name, occurred_at, %(now)s, properties, context,
           dedupe_key
    FROM unnest(%(customers)s::bigint[], %(sources)s::text[], %(names)s::text[],
                %(ats)s::timestamptz[], %(properties)s::jsonb[], %(contexts)s::jsonb[],
                %(keys)s::text[])
         AS new(customer_id, source, name, occurred_at, properties, context, dedupe_key)
    ON CONFLICT (customer_id, dedupe_key) DO NOTHING
"""

# One statement, so that the figures are of one instant.
COUNTS = """
    SELECT
        (SELECT count(*) FROM store_customer WHERE org_id = %(org_id)s
           AND source_id = %(source_id)s AND deleted_at IS NULL),
        (SELECT count(*) FROM store_conversation WHERE org_id = %(org_id)s
           AND source_id = %(source_id)s AND deleted_at IS NULL),
        (SELECT count(*) FROM store_company WHERE org_id = %(org_id)s
           AND source_id = %(source_id)s AND deleted_at IS NULL),
        (SELECT count(*) FROM store_heldrecord WHERE org_id = %(org_id)s
           AND source_id = %(source_id)s AND kind = 'customer'),
        (SELECT count(*) FROM store_heldrecord WHERE org_id = %(org_id)s
           AND source_id = %(source_id)s AND kind = 'conversation')
"""
