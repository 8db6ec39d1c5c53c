"""What an open page must know of an organization to notice that something changed."""

from dataclasses import dataclass
from typing import Self

from django.db import connection

# More unread notifications than these are not counted: a bell says "99+".
MOST_UNREAD = 100

# Eight probes of indexes, whatever the number of customers: score_revision_of_org, survey_of_org
# (large organizations are counted some time after they change), source_of_org,
# workspace_once_per_org with runs_newest_first (one run runs, one waits, and a fetch of each of
# three scopes, so that the five newest are all that can still move), send_runs_of_org,
# dry_runs_of_org, rescore_newest, notified_unread.
_MARK = """
    WITH sends AS (
        SELECT id, state, passed, differing, settled, refused
        FROM intercom_outbound_sendrun
        WHERE org_id = %(org_id)s
        ORDER BY id DESC
        LIMIT 5
    ), plans AS (
        SELECT id, state, looked
        FROM intercom_outbound_dryrun
        WHERE org_id = %(org_id)s
        ORDER BY id DESC
        LIMIT 5
    )
    SELECT
        coalesce((SELECT revision FROM scoring_scorerevision WHERE org_id = %(org_id)s), 0)
            + coalesce((SELECT number FROM scoring_survey WHERE org_id = %(org_id)s), 0),
        coalesce((SELECT sum(revision) FROM store_source WHERE org_id = %(org_id)s), 0)::bigint,
        left(md5(concat_ws('|',
            string_agg(concat_ws(',', c.id, c.status, c.attention_since, r.told), ';'
                ORDER BY c.id, r.id),
            (
                SELECT string_agg(concat_ws(',', id, state, passed, differing, settled, refused),
                    ';' ORDER BY id)
                FROM sends
            ),
            (
                SELECT string_agg(concat_ws(',', id, state, looked), ';' ORDER BY id)
                FROM plans
            ),
            (
                SELECT concat_ws(',', id, done, total, finished_at)
                FROM scoring_rescorerun
                WHERE org_id = %(org_id)s
                ORDER BY started_at DESC, id DESC
                LIMIT 1
            )
        )), 12),
        coalesce(bool_or(r.status IN ('queued', 'running')), FALSE)
            OR EXISTS (SELECT 1 FROM sends WHERE state IN ('queued', 'looking', 'sending'))
            OR EXISTS (SELECT 1 FROM plans WHERE state IN ('queued', 'running')),
        count(DISTINCT c.id),
        count(DISTINCT c.id) FILTER (WHERE c.status = 'needs_attention'),
        (
            SELECT count(*) FROM (
                SELECT 1
                FROM alerts_notification
                WHERE org_id = %(org_id)s AND user_id = %(user_id)s AND read_at IS NULL
                LIMIT %(most_unread)s
            ) AS unread
        )
    FROM intercom_connection AS c
    LEFT JOIN LATERAL (
        SELECT id, status,
            concat_ws(',', id, status, phase, done, total, imported, skipped, failed) AS told
        FROM intercom_syncrun
        WHERE connection_id = c.id
        ORDER BY created_at DESC, id DESC
        LIMIT 5
    ) AS r ON TRUE
    WHERE c.org_id = %(org_id)s
"""


@dataclass(frozen=True)
class Seen:
    """The state that a page shows: whose, the marks of its data and runs, unread notifications."""

    org_id: int
    scores: int
    data: int
    runs: str
    unread: int = 0

    @property
    def token(self) -> str:
        """The state as text, to be sent back; `parse` reads it."""
        return f"{self.org_id}.{self.scores}.{self.data}.{self.runs}.{self.unread}"

    @classmethod
    def parse(cls, token: str) -> Self | None:
        """Read a token; nothing for a text that is none."""
        parts = token.split(".")
        if len(parts) != len(cls.__dataclass_fields__):
            return None
        org_id, scores, data, runs, unread = parts
        numbers = (org_id, scores, data, unread)
        if not all(part.isascii() and part.isdigit() for part in numbers):
            return None
        return cls(int(org_id), int(scores), int(data), runs, int(unread))

    def kinds_changed_since(self, before: Self) -> list[str]:
        """What is not as before.

        Of "scores" (customers, conversations, scores), "runs" and "notifications".
        """
        kinds = []
        if (self.scores, self.data) != (before.scores, before.data):
            kinds.append("scores")
        if self.runs != before.runs:
            kinds.append("runs")
        if self.unread != before.unread:
            kinds.append("notifications")
        return kinds


@dataclass(frozen=True)
class Mark:
    """The present state; whether a run is under way, and how many connections there are."""

    seen: Seen
    is_moving: bool
    connections: int
    needing_attention: int


def read_mark(org_id: int, user_id: int | None = None) -> Mark:
    """How the organization stands now, and what this person has not read; one small statement.

    Read it before what a page shows: what changes in between is then noticed, not missed.
    """
    with connection.cursor() as cursor:
        values = {"org_id": org_id, "user_id": user_id, "most_unread": MOST_UNREAD}
        cursor.execute(_MARK, values)
        scores, data, runs, is_moving, connections, attention, unread = cursor.fetchone()
    return Mark(Seen(org_id, scores, data, runs, unread), is_moving, connections, attention)
