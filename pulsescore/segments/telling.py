"""What moves mean for customers' timelines."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from pulsescore.segments.membership import Move
from pulsescore.store.derived_events import append_derived_events

ENTERED: Final = "Entered segment"
LEFT: Final = "Left segment"
_EVENTS: Final = """
    SELECT
        told.customer_id,
        CASE WHEN told.entered THEN %(entered_name)s ELSE %(left_name)s END,
        %(now)s::timestamptz,
        jsonb_build_object('segment', s.name, 'segment_id', s.id),
        'segment.' || s.id || CASE WHEN told.entered THEN '.entered.' ELSE '.left.' END
            || %(now_text)s
    FROM unnest(%(segments)s::bigint[], %(customers)s::bigint[], %(entered)s::boolean[])
        AS told (segment_id, customer_id, entered)
    JOIN segments_segment AS s ON s.id = told.segment_id AND s.org_id = %(org_id)s
    JOIN store_customer AS c ON c.id = told.customer_id AND c.org_id = %(org_id)s
    WHERE c.deleted_at IS NULL
    ORDER BY told.customer_id, s.id
"""


def append_events(org_id: int, moves: Sequence[Move], *, now: datetime) -> int:
    """Tell on timelines of those moves, in the transaction that made them; returns how many."""
    if not moves:
        return 0
    values = {
        "org_id": org_id,
        "now": now,
        "now_text": now.isoformat(),
        "entered_name": ENTERED,
        "left_name": LEFT,
        "segments": [one.segment_id for one in moves],
        "customers": [one.member_id for one in moves],
        "entered": [one.entered for one in moves],
    }
    return append_derived_events(org_id=org_id, query=_EVENTS, parameters=values)
