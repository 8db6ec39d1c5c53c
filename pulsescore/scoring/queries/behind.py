"""Which conversations stand behind a factor: exactly those that the formula counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Func, Q, QuerySet, TextField
from django.db.models.functions import Coalesce

from pulsescore.scoring.statements import statement
from pulsescore.store import queries as store
from pulsescore.store.models import Conversation

RESOLUTION_WINDOW = timedelta(days=90)
REOPEN_WINDOW = timedelta(days=30)
_ACTIVE_AT = Coalesce("remote_updated_at", "opened_at")
_NEWEST = "-opened_at"


@dataclass(frozen=True)
class ConversationCounts:
    """How many conversations a customer has: by state, behind each factor; and notes about them.

    `changed_at` is when a conversation last changed here.
    """

    all: int
    open: int
    snoozed: int
    closed: int
    reopened: int
    resolution_time: int
    reopen_rate: int
    notes: int
    changed_at: datetime | None

    @property
    def support_recency(self) -> int:
        """Any conversation may be the latest activity."""
        return self.all

    @property
    def open_tickets(self) -> int:
        """The factor's name for those that are open."""
        return self.open

    @property
    def response_rate(self) -> int:
        """The latest one, if there is any."""
        return min(self.all, 1)


def conversations_behind(
    org_id: int, customer_id: int, factor: str, *, at: datetime
) -> QuerySet[Conversation]:
    """A customer's conversations that a factor counted when the score was computed, at `at`.

    For recency those with the latest activity first; for the response rate the latest one alone.
    """
    found = store.list_conversations(org_id, customer_id)
    if factor == "support_recency":
        return found.order_by(_ACTIVE_AT.desc(), "-id")
    if factor == "response_rate":
        # The order of signals.sql: the newest, of equals the greater id as text, byte by byte.
        bytewise = Func(
            F("external_id"), template='%(expressions)s COLLATE "C"', output_field=TextField()
        )
        latest = found.order_by(_NEWEST, bytewise.desc(), "-id").values("id")[:1]
        return found.filter(id__in=latest)
    return found.filter(_conditions(at)[factor])


def count_conversations(org_id: int, customer_id: int, *, at: datetime) -> ConversationCounts:
    """Everything that the customer's page counts, in one statement."""
    values: dict[str, Any] = {"org_id": org_id, "customer_id": customer_id, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(statement("conversation_counts"), values)
        return ConversationCounts(*cursor.fetchone())


def _conditions(at: datetime) -> dict[str, Q]:
    return {
        "open_tickets": Q(status="open"),
        "resolution_time": Q(time_to_resolution_secs__isnull=False)
        & _active_since(at - RESOLUTION_WINDOW),
        "reopen_rate": Q(reopen_count__gt=0) & _active_since(at - REOPEN_WINDOW),
    }


def _active_since(start: datetime) -> Q:
    return Q(remote_updated_at__gte=start) | Q(remote_updated_at__isnull=True, opened_at__gte=start)
