"""Which conversations moved a part of a score between two instants."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from pulsescore.scoring.queries.behind import REOPEN_WINDOW, RESOLUTION_WINDOW
from pulsescore.store import queries as store
from pulsescore.store.models import Conversation, ConversationActivity

# What each part counts; parts that no conversation moves are not named.
_LIKE = {"not_seen": "support_recency", "many_open": "open_tickets"}
_NOTHING = timedelta(0)


def conversations_between(
    org_id: int, customer_id: int, part: str, *, since: datetime, until: datetime
) -> QuerySet[Conversation]:
    """The customer's conversations that can have moved this part of the score, newest first.

    Those that began, ended, were reopened or were resolved in that time, as the part counts them,
    and those that left its window of days. Where time alone or a person moved it, there is none.
    """
    found = store.list_conversations(org_id, customer_id).filter(opened_at__lte=until)
    span = _Span(org_id, since, until)
    key = _LIKE.get(part, part)
    if key == "response_rate":
        return found.filter(pk__in=_latest(found, since) + _latest(found, until))
    conditions = {
        "support_recency": span.active(),
        "open_tickets": span.within("opened_at")
        | span.within("closed_at")
        | span.within("first_closed_at")
        | Q(span.happened("reopened", "closed")),
        "resolution_time": Q(time_to_resolution_secs__isnull=False)
        & (span.active() | span.active(earlier=RESOLUTION_WINDOW)),
        "reopen_rate": Q(reopen_count__gt=0)
        & (Q(span.happened("reopened")) | span.active() | span.active(earlier=REOPEN_WINDOW)),
    }
    return found.filter(conditions[key]) if key in conditions else found.none()


class _Span:
    """Conditions on what happened after `since`, up to and including `until`."""

    def __init__(self, org_id: int, since: datetime, until: datetime) -> None:
        self._org_id, self._since, self._until = org_id, since, until

    def within(self, field: str, *, earlier: timedelta = _NOTHING) -> Q:
        """An instant of the conversation is in the span, moved back by `earlier`."""
        start, end = self._since - earlier, self._until - earlier
        return Q(**{f"{field}__gt": start, f"{field}__lte": end})

    def active(self, *, earlier: timedelta = _NOTHING) -> Q:
        """The conversation's last update is in the span."""
        told = self.within("remote_updated_at", earlier=earlier)
        untold = self.within("opened_at", earlier=earlier)
        return told | (Q(remote_updated_at__isnull=True) & untold)

    def happened(self, *kinds: str) -> Exists:
        """One of these happened to the conversation. Index: activity_once."""
        rows = ConversationActivity.objects.for_org(self._org_id).filter(
            conversation_id=OuterRef("pk"), kind__in=kinds
        )
        return Exists(rows.filter(at__gt=self._since, at__lte=self._until))


def _latest(found: QuerySet[Conversation], t: datetime) -> list[int]:
    """The conversation that was the customer's latest then."""
    begun = found.filter(opened_at__lte=t).order_by("-opened_at", "-external_id", "-id")
    return list(begun.values_list("pk", flat=True)[:1])
