"""What an open page must know of an organization to notice that something changed."""

from dataclasses import dataclass
from typing import Self

from django.db import connection

# Four probes of indexes, whatever the number of customers: score_revision_of_org, source_of_org,
# workspace_once_per_org with runs_newest_first (one run runs and one waits at most, so that the
# two newest are all that can still move), rescore_newest.
_MARK = """
    SELECT
        coalesce((SELECT revision FROM scoring_scorerevision WHERE org_id = %(org_id)s), 0),
        coalesce((SELECT sum(revision) FROM store_source WHERE org_id = %(org_id)s), 0)::bigint,
        left(md5(concat_ws('|',
            string_agg(concat_ws(',', c.id, c.status, c.attention_since, r.told), ';'
                ORDER BY c.id, r.id),
            (
                SELECT concat_ws(',', id, done, total, finished_at)
                FROM scoring_rescorerun
                WHERE org_id = %(org_id)s
                ORDER BY started_at DESC, id DESC
                LIMIT 1
            )
        )), 12),
        coalesce(bool_or(r.status IN ('queued', 'running')), FALSE),
        count(DISTINCT c.id),
        count(DISTINCT c.id) FILTER (WHERE c.status = 'needs_attention')
    FROM intercom_connection AS c
    LEFT JOIN LATERAL (
        SELECT id, status,
            concat_ws(',', id, status, phase, done, total, imported, skipped, failed) AS told
        FROM intercom_syncrun
        WHERE connection_id = c.id
        ORDER BY created_at DESC, id DESC
        LIMIT 2
    ) AS r ON TRUE
    WHERE c.org_id = %(org_id)s
"""


@dataclass(frozen=True)
class Seen:
    """The state that a page shows: whose, and the marks of its data and of its runs."""

    org_id: int
    scores: int
    data: int
    runs: str

    @property
    def token(self) -> str:
        """The state as text, to be sent back; `parse` reads it."""
        return f"{self.org_id}.{self.scores}.{self.data}.{self.runs}"

    @classmethod
    def parse(cls, token: str) -> Self | None:
        """Read a token; nothing for a text that is none."""
        parts = token.split(".")
        if len(parts) != len(cls.__dataclass_fields__):
            return None
        org_id, scores, data, runs = parts
        if not all(part.isascii() and part.isdigit() for part in (org_id, scores, data)):
            return None
        return cls(int(org_id), int(scores), int(data), runs)

    def kinds_changed_since(self, before: Self) -> list[str]:
        """What is not as before: "scores" (customers, conversations, scores), "runs", or both."""
        kinds = []
        if (self.scores, self.data) != (before.scores, before.data):
            kinds.append("scores")
        if self.runs != before.runs:
            kinds.append("runs")
        return kinds


@dataclass(frozen=True)
class Mark:
    """The present state; whether a run is under way, and how many connections there are."""

    seen: Seen
    is_moving: bool
    connections: int
    needing_attention: int


def read_mark(org_id: int) -> Mark:
    """How the organization stands now; one statement that reads a handful of rows.

    Read it before what a page shows: what changes in between is then noticed, not missed.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MARK, {"org_id": org_id})
        scores, data, runs, is_moving, connections, attention = cursor.fetchone()
    return Mark(Seen(org_id, scores, data, runs), is_moving, connections, attention)
