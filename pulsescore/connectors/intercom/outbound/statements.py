"""The SQL of marks and outbox, each with why it is as it is."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import connection as database

# Whoever marks at this moment waits until these are gone, and marks anew.
CLAIM_MARKS: Final = """
    DELETE FROM intercom_outbound_outboundmark AS mark
    USING (
        SELECT connection_id, customer_id FROM intercom_outbound_outboundmark
        WHERE org_id = %(org_id)s AND connection_id = %(connection_id)s
        ORDER BY customer_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    ) AS taken
    WHERE mark.org_id = %(org_id)s AND mark.connection_id = taken.connection_id
      AND mark.customer_id = taken.customer_id
    RETURNING mark.customer_id, mark.run_id, mark.is_automatic
"""
CLAIM_COMPANY_MARKS: Final = """
    DELETE FROM intercom_outbound_companymark AS mark
    USING (
        SELECT connection_id, company_id FROM intercom_outbound_companymark
        WHERE org_id = %(org_id)s AND connection_id = %(connection_id)s
        ORDER BY company_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    ) AS taken
    WHERE mark.org_id = %(org_id)s AND mark.connection_id = taken.connection_id
      AND mark.company_id = taken.company_id
    RETURNING mark.company_id, mark.run_id, mark.is_automatic
"""
# A row that waits for its next attempt goes on waiting; one that was refused is tried again, since
# something is different now. Who asks for a run, or for one customer, wants it tried at once.
_AGAIN: Final = """
    DO UPDATE SET marks = task.marks + 1,
        is_forced = task.is_forced OR excluded.is_forced,
        is_automatic = task.is_automatic OR excluded.is_automatic,
        run_id = COALESCE(excluded.run_id, task.run_id),
        state = CASE WHEN task.state = 'refused' OR excluded.is_forced THEN excluded.state
                     ELSE task.state END,
        next_at = CASE WHEN task.state = 'refused' OR excluded.is_forced
                            OR excluded.run_id IS NOT NULL THEN excluded.next_at
                       ELSE task.next_at END,
        attempts = CASE task.state WHEN 'refused' THEN 0 ELSE task.attempts END
"""
QUEUE_CUSTOMERS: Final = f"""
    INSERT INTO intercom_outbound_outboundtask AS task
        (org_id, connection_id, customer_id, state, marks, is_forced, is_confirmed, is_automatic,
         run_id, tags_to_add, tags_to_remove, attempts, next_at, queued_at, error, error_code)
    SELECT %(org_id)s, %(connection_id)s, id, 'waiting', 1, %(is_forced)s, FALSE, is_automatic,
           run_id, '{{}}', '{{}}', 0, %(now)s, %(now)s, '', ''
    FROM unnest(%(ids)s::bigint[], %(runs)s::bigint[], %(automatic)s::boolean[])
        AS one (id, run_id, is_automatic) ORDER BY id
    ON CONFLICT (connection_id, customer_id) WHERE customer_id IS NOT NULL {_AGAIN}
"""
QUEUE_COMPANIES: Final = f"""
    INSERT INTO intercom_outbound_outboundtask AS task
        (org_id, connection_id, company_id, state, marks, is_forced, is_confirmed, is_automatic,
         run_id, tags_to_add, tags_to_remove, attempts, next_at, queued_at, error, error_code)
    SELECT %(org_id)s, %(connection_id)s, id, 'waiting', 1, %(is_forced)s, FALSE, is_automatic,
           run_id, '{{}}', '{{}}', 0, %(now)s, %(now)s, '', ''
    FROM unnest(%(ids)s::bigint[], %(runs)s::bigint[], %(automatic)s::boolean[])
        AS one (id, run_id, is_automatic) ORDER BY id
    ON CONFLICT (connection_id, company_id) WHERE company_id IS NOT NULL {_AGAIN}
"""
# What was asked for while it was being sent stays, and is looked at once more. What was done of it
# is found to be done then.
FINISH: Final = """
    WITH done AS (
        SELECT * FROM unnest(%(ids)s::bigint[], %(marks)s::bigint[], %(runs)s::bigint[])
            AS one (id, marks, run_id)
    ), kept AS (
        UPDATE intercom_outbound_outboundtask AS task
        SET state = 'waiting', next_at = %(now)s, attempts = 0, error = '', error_code = '',
            is_confirmed = FALSE, run_id = NULLIF(task.run_id, done.run_id)
        FROM done WHERE task.org_id = %(org_id)s AND task.id = done.id AND task.marks > done.marks
    )
    DELETE FROM intercom_outbound_outboundtask AS task
    USING done WHERE task.org_id = %(org_id)s AND task.id = done.id AND task.marks = done.marks
"""
# Of several processes that note the same, one row stays.
APPLIED: Final = """
    INSERT INTO intercom_outbound_appliedtag (org_id, tag_id, customer_id)
    SELECT DISTINCT tag.org_id, tag.id, one.customer_id
    FROM unnest(%(customers)s::bigint[], %(tags)s::text[]) AS one (customer_id, tag_id)
    JOIN intercom_outbound_segmenttag AS tag ON tag.org_id = %(org_id)s
      AND tag.connection_id = %(connection_id)s AND tag.tag_id = one.tag_id
    WHERE one.customer_id IS NOT NULL
    ORDER BY one.customer_id, tag.id
    ON CONFLICT (customer_id, tag_id) DO NOTHING
"""
NOT_APPLIED: Final = """
    DELETE FROM intercom_outbound_appliedtag AS applied
    USING unnest(%(customers)s::bigint[], %(tags)s::text[]) AS one (customer_id, tag_id)
    JOIN intercom_outbound_segmenttag AS tag ON tag.org_id = %(org_id)s
      AND tag.connection_id = %(connection_id)s AND tag.tag_id = one.tag_id
    WHERE applied.org_id = %(org_id)s AND applied.customer_id = one.customer_id
      AND applied.tag_id = tag.id
"""
# One statement for as many lines as there are: they come as one document.
LOG: Final = """
    INSERT INTO intercom_outbound_writerecord
        (org_id, connection_id, at, run_id, customer_id, company_id, kind, external_id,
         before, after, error)
    SELECT %(org_id)s, %(connection_id)s, %(now)s, run_id, customer_id, company_id, kind,
           external_id, before, after, error
    FROM jsonb_to_recordset(%(lines)s::jsonb) AS line
        (run_id bigint, customer_id bigint, company_id bigint, kind text, external_id text,
         before jsonb, after jsonb, error text)
"""
# Nobody is in a batch twice. Where the same stands already, no row is written.
HELD_OTHERWISE_OF_CUSTOMERS: Final = """
    INSERT INTO intercom_outbound_heldotherwise AS known
        (org_id, connection_id, customer_id, key, sent, held)
    SELECT %(org_id)s, %(connection_id)s, line.id, line.key, line.sent, line.held
    FROM jsonb_to_recordset(%(lines)s::jsonb)
         AS line (id bigint, key text, sent jsonb, held jsonb)
    ORDER BY line.id, line.key
    ON CONFLICT (connection_id, customer_id, key) WHERE customer_id IS NOT NULL
    DO UPDATE SET sent = excluded.sent, held = excluded.held
    WHERE (known.sent, known.held) IS DISTINCT FROM (excluded.sent, excluded.held)
"""
HELD_OTHERWISE_OF_COMPANIES: Final = """
    INSERT INTO intercom_outbound_heldotherwise AS known
        (org_id, connection_id, company_id, key, sent, held)
    SELECT %(org_id)s, %(connection_id)s, line.id, line.key, line.sent, line.held
    FROM jsonb_to_recordset(%(lines)s::jsonb)
         AS line (id bigint, key text, sent jsonb, held jsonb)
    ORDER BY line.id, line.key
    ON CONFLICT (connection_id, company_id, key) WHERE company_id IS NOT NULL
    DO UPDATE SET sent = excluded.sent, held = excluded.held
    WHERE (known.sent, known.held) IS DISTINCT FROM (excluded.sent, excluded.held)
"""
# Marks of a run are for it alone; marks that something changed stay that.
_MARKED: Final = """
    DO UPDATE SET run_id = COALESCE(excluded.run_id, mark.run_id),
        is_automatic = mark.is_automatic OR excluded.is_automatic
"""
MARK_MEMBERS: Final = f"""
    INSERT INTO intercom_outbound_outboundmark AS mark
        (org_id, connection_id, customer_id, run_id, is_automatic)
    SELECT %(org_id)s, %(connection_id)s, chosen.customer_id, %(run)s::bigint,
        %(run)s::bigint IS NULL
    FROM (
        SELECT member.customer_id FROM segments_member AS member
        WHERE member.org_id = %(org_id)s AND member.segment_id = ANY(%(segments)s::bigint[])
        UNION
        SELECT applied.customer_id FROM intercom_outbound_appliedtag AS applied
        JOIN intercom_outbound_segmenttag AS tag ON tag.id = applied.tag_id
        WHERE applied.org_id = %(org_id)s AND tag.connection_id = %(connection_id)s
    ) AS chosen ORDER BY chosen.customer_id
    ON CONFLICT (connection_id, customer_id) {_MARKED}
"""
# The members of one segment, without those of other workspaces.
MARK_SEGMENT: Final = f"""
    INSERT INTO intercom_outbound_outboundmark AS mark
        (org_id, connection_id, customer_id, run_id, is_automatic)
    SELECT %(org_id)s, %(connection_id)s, member.customer_id, %(run)s::bigint,
        %(run)s::bigint IS NULL
    FROM segments_member AS member
    JOIN store_customer AS customer ON customer.id = member.customer_id
    WHERE member.org_id = %(org_id)s AND customer.org_id = %(org_id)s
        AND member.segment_id = %(segment)s AND NOT EXISTS (
            SELECT 1 FROM intercom_connection AS other
            WHERE other.org_id = %(org_id)s AND other.id <> %(connection_id)s
                AND other.source_id = customer.source_id)
    ORDER BY member.customer_id
    ON CONFLICT (connection_id, customer_id) {_MARKED}
"""
# Index customer_deleted: who may be brought back, whether chosen or not.
MARK_ARCHIVED: Final = f"""
    INSERT INTO intercom_outbound_outboundmark AS mark
        (org_id, connection_id, customer_id, run_id, is_automatic)
    SELECT %(org_id)s, %(connection_id)s, customer.id, %(run)s::bigint, %(run)s::bigint IS NULL
    FROM store_customer AS customer
    WHERE customer.org_id = %(org_id)s AND customer.source_id = %(source_id)s
        AND customer.deleted_at IS NOT NULL AND customer.deleted_reason = 'archived'
    ORDER BY customer.id
    ON CONFLICT (connection_id, customer_id) {_MARKED}
"""
MARK_COMPANY_MEMBERS: Final = f"""
    INSERT INTO intercom_outbound_companymark AS mark
        (org_id, connection_id, company_id, run_id, is_automatic)
    SELECT %(org_id)s, %(connection_id)s, member.company_id, %(run)s::bigint,
        %(run)s::bigint IS NULL
    FROM segments_companymembership AS member
    WHERE member.org_id = %(org_id)s AND member.segment_id = ANY(%(segments)s::bigint[])
    GROUP BY member.company_id ORDER BY member.company_id
    ON CONFLICT (connection_id, company_id) {_MARKED}
"""
# Events that are not from Intercom, were received since sending them was chosen, and have no row
# yet; the newest second already given to such an event of the person and name comes along.
NEW_EVENTS: Final = """
    SELECT event.id, event.customer_id, event.name, event.occurred_at
    FROM store_timelineevent AS event
    WHERE event.org_id = %(org_id)s AND event.customer_id = ANY(%(ids)s::bigint[])
      AND event.source <> 'intercom' AND event.received_at >= %(since)s
      AND (%(all)s OR event.name = ANY(%(names)s::text[]))
      AND NOT EXISTS (
          SELECT 1 FROM intercom_outbound_outgoingevent AS sent
          WHERE sent.org_id = %(org_id)s AND sent.connection_id = %(connection_id)s
            AND sent.event_id = event.id)
    ORDER BY event.occurred_at, event.id
"""

BY_HAND: Final = """
    UPDATE intercom_outbound_outboundtask AS task
    SET tags_to_add = ARRAY(SELECT unnest(task.tags_to_add) UNION SELECT unnest(%(add)s::text[])
                            EXCEPT SELECT unnest(%(remove)s::text[])),
        tags_to_remove = ARRAY(SELECT unnest(task.tags_to_remove)
                               UNION SELECT unnest(%(remove)s::text[])
                               EXCEPT SELECT unnest(%(add)s::text[])),
        "values" = task."values" || %(values)s::jsonb,
        archives = task.archives OR %(archives)s
    WHERE task.org_id = %(org_id)s AND task.connection_id = %(connection_id)s
      AND (task.customer_id = %(customer_id)s OR task.company_id = %(company_id)s)
"""


def run(statement: str, parameters: Mapping[str, Any]) -> int:
    """Execute; returns how many rows it was about."""
    with database.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def fetch(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Execute; returns the rows."""
    with database.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
