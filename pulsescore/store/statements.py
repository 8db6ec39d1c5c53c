"""Every SQL statement with which the store writes, each with the reason why it is as it is.

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


def _by_names(table: str, columns: str, *, only: str = "TRUE") -> str:
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


def _by_ids(table: str, columns: str) -> str:
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
    return _by_names(
        kind.table,
        f"t.external_id, t.id, t.content_hash, t.deleted_at IS NOT NULL AS is_deleted, {SETTLED}",
    )


def whole_rows(kind: Kind) -> str:
    """All that merging needs of the rows that records change."""
    facts = ", ".join(f"t.{column}" for column in kind.layout.columns)
    return _by_ids(
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

CUSTOMER_IDS = _by_names("store_customer", "t.external_id, t.id")

COMPANY_IDS = _by_names("store_company", "t.external_id, t.id")

CONVERSATION_IDS = _by_names("store_conversation", "t.external_id, t.id")

TOMBSTONES = _by_names(
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

HELD_LIGHT = _by_names(
    "store_heldrecord",
    f"t.external_id, t.id, t.content_hash, t.reason, t.observed_at, {SETTLED}",
    only=f"found.kind = %(kind)s AND {_ANY_HELD}",
)

HELD_WHOLE = _by_names(
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

# Sorted, because another transaction may be marking the same customers.
# A mark that exists is locked, not left alone: only that waits for a claim under way, which may
# have read the customer before this transaction's change. Nothing of it changes: writing it again
# would cost three times as much.
_STAYS_MARKED = """
    ON CONFLICT (customer_id) DO UPDATE SET marked_at = excluded.marked_at WHERE FALSE
"""
MARK_DIRTY = f"""
    INSERT INTO store_dirtycustomer (customer_id, org_id, marked_at)
    SELECT id, %(org_id)s::bigint, now()
    FROM ({_by_ids("store_customer", "t.id")}) AS own ORDER BY id {_STAYS_MARKED}
"""

# The same for customers whom this transaction has just found to be the organization's, or stored.
MARK_OWN = f"""
    INSERT INTO store_dirtycustomer (customer_id, org_id, marked_at)
    SELECT id, %(org_id)s, now() FROM unnest(%(ids)s::bigint[]) AS own(id) ORDER BY id
    {_STAYS_MARKED}
"""

MARK_ALL_DIRTY = f"""
    INSERT INTO store_dirtycustomer (customer_id, org_id, marked_at)
    SELECT id, org_id, now() FROM store_customer WHERE org_id = %(org_id)s ORDER BY id
    {_STAYS_MARKED}
"""

# Oldest marks first (index dirty_oldest_first); marks that another worker holds are its own.
CLAIM_DIRTY = """
    DELETE FROM store_dirtycustomer WHERE customer_id IN (
        SELECT customer_id FROM store_dirtycustomer WHERE org_id = %(org_id)s
        ORDER BY org_id, marked_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    )
    RETURNING customer_id
"""

# As with customers: a mark that exists is locked, so that it waits for a claim under way.
MARK_COMPANIES = """
    INSERT INTO store_dirtycompany (company_id, org_id)
    SELECT c.id, c.org_id FROM store_company AS c
    WHERE c.org_id = %(org_id)s AND c.id = ANY(%(ids)s::bigint[]) ORDER BY c.id
    ON CONFLICT (company_id) DO UPDATE SET org_id = excluded.org_id WHERE FALSE
"""

# The companies of customers, one probe of company_member_once each.
MARK_COMPANIES_OF = """
    INSERT INTO store_dirtycompany (company_id, org_id)
    SELECT DISTINCT m.company_id, m.org_id
    FROM unnest(%(ids)s::bigint[]) AS member(id)
    JOIN store_companymember AS m ON m.customer_id = member.id
    WHERE m.org_id = %(org_id)s ORDER BY m.company_id
    ON CONFLICT (company_id) DO UPDATE SET org_id = excluded.org_id WHERE FALSE
"""

# The customers of companies; an index on the company serves.
MEMBERS_OF = """
    SELECT DISTINCT customer_id FROM store_companymember
    WHERE org_id = %(org_id)s AND company_id = ANY(%(ids)s::bigint[])
"""

CLAIM_COMPANIES = """
    DELETE FROM store_dirtycompany WHERE company_id IN (
        SELECT company_id FROM store_dirtycompany WHERE org_id = %(org_id)s
        ORDER BY org_id, company_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    )
    RETURNING company_id
"""

DROP_COMPANY_MARKS = """
    DELETE FROM store_dirtycompany WHERE org_id = %(org_id)s AND company_id = ANY(%(ids)s::bigint[])
"""

COMPANIES_OF = """
    SELECT DISTINCT company_id FROM store_companymember
    WHERE org_id = %(org_id)s AND customer_id = ANY(%(ids)s::bigint[])
"""


def _orgs_with(marks: str) -> str:
    """A loose index scan: one step per organization with marks, not one per mark."""
    return f"""
        WITH RECURSIVE marked(org_id) AS (
            (SELECT org_id FROM {marks} ORDER BY org_id LIMIT 1)
            UNION ALL
            SELECT (SELECT d.org_id FROM {marks} d WHERE d.org_id > marked.org_id
                    ORDER BY d.org_id LIMIT 1)
            FROM marked WHERE marked.org_id IS NOT NULL
        )
        SELECT org_id FROM marked WHERE org_id IS NOT NULL
    """


ORGS_WITH_MARKS = (
    f"({_orgs_with('store_dirtycustomer')}) UNION ({_orgs_with('store_dirtycompany')})"
)

PARTICIPANTS = """
    SELECT DISTINCT customer_id FROM store_participant WHERE org_id = %(org_id)s
      AND conversation_id = ANY(%(ids)s)
"""

CONTACTS_OF_CONVERSATIONS = _by_ids("store_conversation", "t.external_id, t.contact_external_ids")

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
        FROM ({_by_ids("store_conversation", _COUNTED)}) AS c
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

MOVE_PARTICIPANTS = """
    INSERT INTO store_participant (org_id, conversation_id, customer_id)
    SELECT DISTINCT %(org_id)s::bigint, p.conversation_id, m.target
    FROM unnest(%(sources)s::bigint[], %(targets)s::bigint[]) AS m(source, target)
    JOIN store_participant p ON p.customer_id = m.source
    ON CONFLICT (conversation_id, customer_id) DO NOTHING
"""

DROP_PARTICIPANTS = """
    DELETE FROM store_participant WHERE org_id = %(org_id)s AND customer_id = ANY(%(sources)s)
"""

# Moved with their ids, by which later stages know them. Of an event that both have one counts.
MOVE_EVENTS = """
    UPDATE store_timelineevent e SET customer_id = own.target
    FROM (
        SELECT DISTINCT ON (m.target, o.dedupe_key) o.id, m.target
        FROM unnest(%(sources)s::bigint[], %(targets)s::bigint[]) AS m(source, target)
        JOIN store_timelineevent o ON o.customer_id = m.source AND o.org_id = %(org_id)s
        WHERE NOT EXISTS (
            SELECT 1 FROM store_timelineevent t
            WHERE t.customer_id = m.target AND t.dedupe_key = o.dedupe_key)
        ORDER BY m.target, o.dedupe_key, o.id
    ) AS own
    WHERE e.org_id = %(org_id)s AND e.id = own.id
"""

# What no workspace told may have been sent to one under its id: it stays with who is no more.
DROP_EVENTS = """
    DELETE FROM store_timelineevent
    WHERE org_id = %(org_id)s AND customer_id = ANY(%(sources)s)
      AND source NOT IN ('pulsescore', 'ingest')
"""

MOVE_NOTES = """
    UPDATE store_note n SET customer_id = m.target
    FROM unnest(%(sources)s::bigint[], %(targets)s::bigint[]) AS m(source, target)
    WHERE n.org_id = %(org_id)s AND n.customer_id = m.source
"""

# Companies of other sources than the merged customer's: nobody else tells of these.
MOVE_OTHERS_MEMBERS = """
    INSERT INTO store_companymember (org_id, company_id, customer_id)
    SELECT DISTINCT l.org_id, l.company_id, m.target
    FROM unnest(%(sources)s::bigint[], %(targets)s::bigint[]) AS m(source, target)
    JOIN store_companymember AS l ON l.customer_id = m.source AND l.org_id = %(org_id)s
    JOIN store_company AS c ON c.id = l.company_id
    JOIN store_customer AS t ON t.id = m.target
    WHERE c.source_id <> t.source_id
    ON CONFLICT (customer_id, company_id) DO NOTHING
"""

DROP_MEMBERS = """
    DELETE FROM store_companymember WHERE org_id = %(org_id)s AND customer_id = ANY(%(sources)s)
    RETURNING company_id
"""

POINT_TO_SURVIVOR = """
    UPDATE store_customer c SET merged_into_id = m.target, updated_at = %(now)s
    FROM unnest(%(sources)s::bigint[], %(targets)s::bigint[]) AS m(source, target)
    WHERE c.org_id = %(org_id)s AND c.id = m.source
      AND c.merged_into_id IS DISTINCT FROM m.target
    RETURNING c.id, m.target
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

# Everybody who was merged into the person, and the person: one human being.
SAME_PERSON = """
    WITH RECURSIVE same(id) AS (
        SELECT id FROM store_customer WHERE org_id = %(org_id)s AND id = %(customer_id)s
        UNION
        SELECT c.id FROM store_customer c JOIN same ON c.merged_into_id = same.id
        WHERE c.org_id = %(org_id)s
    )
    SELECT c.id, c.external_id FROM store_customer c JOIN same USING (id)
    WHERE c.org_id = %(org_id)s
"""

# Conversations in which nobody else takes part, as far as we know.
CONVERSATIONS_OF_NOBODY_ELSE = """
    SELECT DISTINCT c.id, c.external_id
    FROM store_participant p JOIN store_conversation c ON c.id = p.conversation_id
    WHERE p.org_id = %(org_id)s AND p.customer_id = ANY(%(ids)s)
      AND NOT EXISTS (
        SELECT 1 FROM store_participant other
        WHERE other.conversation_id = p.conversation_id AND other.customer_id <> ALL(%(ids)s))
"""

# Whatever waits for the person, or is the person.
HELD_OF_PERSON = """
    SELECT id, kind, external_id FROM store_heldrecord
    WHERE org_id = %(org_id)s AND source_id = %(source_id)s
      AND ((waits_for <> '{}' AND waits_for && %(awaited)s::text[])
           OR (kind = 'customer' AND external_id = ANY(%(names)s::text[])))
"""

DROP_HELD_BY_ID = """
    DELETE FROM store_heldrecord WHERE org_id = %(org_id)s AND id = ANY(%(ids)s)
"""
