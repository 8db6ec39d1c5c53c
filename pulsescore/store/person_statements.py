"""The SQL with which people are merged into others, exported and erased."""

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

COMPANIES_OF = """
    SELECT DISTINCT company_id FROM store_companymember
    WHERE org_id = %(org_id)s AND customer_id = ANY(%(ids)s::bigint[])
"""
