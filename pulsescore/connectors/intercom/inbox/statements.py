"""The SQL of the inbox's workers, each statement with the reason why it is as it is.

Accepting has its own, see `storing`. All run under the lock of their connection's inbox.
"""

from typing import Final

from pulsescore.connectors.intercom.models import (
    InboxNotification,
    PendingRefetch,
    TopicDelivery,
)

_INBOX: Final = InboxNotification._meta.db_table
_REFETCH: Final = PendingRefetch._meta.db_table
_TOPIC: Final = TopicDelivery._meta.db_table

# Oldest first; the partial index inbox_pending serves it. The size of a body is known unread.
WAITING: Final = f"""
    SELECT id, received_at, octet_length(body) FROM {_INBOX}
    WHERE org_id = %(org_id)s AND connection_id = %(connection_id)s AND state = 'pending'
      AND next_attempt_at <= %(now)s
    ORDER BY next_attempt_at, id LIMIT %(limit)s
"""

# What another worker holds is skipped. When they arrived says in which partitions they lie.
CLAIM: Final = f"""
    SELECT id, topic, body, received_at, attempts, processed_at FROM {_INBOX}
    WHERE org_id = %(org_id)s AND id = ANY(%(ids)s) AND state = 'pending'
      AND received_at BETWEEN %(since)s AND %(until)s
    ORDER BY next_attempt_at, id FOR UPDATE SKIP LOCKED
"""

SETTLE: Final = f"""
    UPDATE {_INBOX} SET state = %(state)s, processed_at = %(now)s, error = ''
    WHERE org_id = %(org_id)s AND id = ANY(%(ids)s)
      AND received_at BETWEEN %(since)s AND %(until)s
"""

FAIL: Final = f"""
    UPDATE {_INBOX} SET state = %(state)s, attempts = %(attempts)s, error = %(error)s,
                        next_attempt_at = %(next_attempt_at)s,
                        processed_at = CASE WHEN %(state)s = 'dead' THEN %(now)s END
    WHERE org_id = %(org_id)s AND id = %(id)s AND received_at = %(received_at)s
"""

# One row per topic: pages read it instead of searching thirty days of notifications.
COUNT_TOPICS: Final = f"""
    INSERT INTO {_TOPIC} AS known (org_id, connection_id, topic, deliveries, last_received_at)
    SELECT %(org_id)s, %(connection_id)s, topic, count(*), max(received_at)
    FROM unnest(%(topics)s::text[], %(received_ats)s::timestamptz[]) AS came (topic, received_at)
    GROUP BY topic
    ON CONFLICT (connection_id, topic) DO UPDATE
    SET deliveries = known.deliveries + excluded.deliveries,
        last_received_at = GREATEST(known.last_received_at, excluded.last_received_at)
"""

# A refetch that already waits keeps its backoff; the mark makes a running one not the last. Only
# the newest twenty notifications are kept: they are told once more when the object is known.
MARK_REFETCHES: Final = f"""
    INSERT INTO {_REFETCH} AS known (org_id, connection_id, kind, external_id, marks, because,
                                     marked_at, attempts, next_attempt_at, error)
    SELECT %(org_id)s, %(connection_id)s, kind, external_id, 1,
           array_agg(notification ORDER BY notification), %(now)s, 0, %(now)s, ''
    FROM unnest(%(kinds)s::text[], %(external_ids)s::text[], %(notifications)s::bigint[])
         AS wanted (kind, external_id, notification)
    GROUP BY kind, external_id
    ON CONFLICT (connection_id, kind, external_id) DO UPDATE
    SET marks = known.marks + 1, marked_at = excluded.marked_at,
        because = (known.because || excluded.because)
                  [GREATEST(1, cardinality(known.because || excluded.because) - 19):]
"""

DUE_REFETCHES: Final = f"""
    SELECT id, kind, external_id, marks, because, marked_at, attempts FROM {_REFETCH}
    WHERE org_id = %(org_id)s AND connection_id = %(connection_id)s AND next_attempt_at <= %(now)s
    ORDER BY next_attempt_at, id LIMIT %(limit)s
"""

# Marked again while it was being read: the answer may be older than what the mark is about.
DROP_REFETCHES: Final = f"""
    DELETE FROM {_REFETCH} AS known USING unnest(%(ids)s::bigint[], %(marks)s::bigint[])
        AS done (id, marks)
    WHERE known.org_id = %(org_id)s AND known.id = done.id AND known.marks = done.marks
"""

POSTPONE_REFETCH: Final = f"""
    UPDATE {_REFETCH} SET attempts = attempts + 1, next_attempt_at = %(next_attempt_at)s,
                          error = %(error)s
    WHERE org_id = %(org_id)s AND id = %(id)s
"""

TOLD_BY: Final = f"""
    SELECT id, topic, body, received_at, attempts, processed_at FROM {_INBOX}
    WHERE org_id = %(org_id)s AND connection_id = %(connection_id)s AND id = ANY(%(ids)s)
    ORDER BY id
"""
