"""State, priority and statistics of a conversation, the same whatever API version told them."""

from datetime import datetime
from typing import Any, Final

from msgspec import UNSET, UnsetType

from pulsescore.connectors.intercom.api.schemas import Conversation, Text
from pulsescore.connectors.intercom.times import moment
from pulsescore.store.records import ConversationStatus

# Until 2.15 a conversation was only marked or not.
_OLD_PRIORITIES: Final = {"priority": "high", "not_priority": "none"}
_STATUSES: Final[dict[str, ConversationStatus]] = {
    "open": "open",
    "closed": "closed",
    "snoozed": "snoozed",
}
_INSTANTS: Final = {
    "closed_at": "last_close_at",
    "first_closed_at": "first_close_at",
    "first_admin_reply_at": "first_admin_reply_at",
    "last_admin_reply_at": "last_admin_reply_at",
    "last_contact_reply_at": "last_contact_reply_at",
}
_TIMES: Final = (
    *_INSTANTS.values(),
    "first_contact_reply_at",
    "first_assignment_at",
    "last_assignment_at",
    "last_assignment_admin_reply_at",
)
_COUNTS: Final = {"reopens": "count_reopens", "assignments": "count_assignments"}


def conversation_status(conversation: Conversation) -> ConversationStatus | UnsetType:
    """`state`; a snoozed conversation has `open` true, so `open` decides only without `state`."""
    if isinstance(conversation.state, str):
        if conversation.state not in _STATUSES:
            raise ValueError(f"state must be open, closed or snoozed, not {conversation.state!r}")
        return _STATUSES[conversation.state]
    if isinstance(conversation.open, bool):
        return "open" if conversation.open else "closed"
    return UNSET


def normal_priority(value: Text) -> str | None | UnsetType:
    """In the words of 2.16: none, low, medium, high, urgent."""
    return _OLD_PRIORITIES.get(value, value) if isinstance(value, str) else value


def statistics_facts(conversation: Conversation, *, opened_at: datetime | None) -> dict[str, Any]:
    """Fields of the record that come from `statistics`; empty where the payload has none.

    Durations are Intercom's own, which leave out-of-office hours out. A duration that is null was
    not measured and stays empty; only where the member is missing altogether, as in payloads that
    predate it, is it the difference of clock times.
    """
    if conversation.statistics is UNSET:
        return {}
    statistics = _normal_times(conversation.statistics or {})
    began_at = moment(statistics.get("first_contact_reply_at")) or opened_at
    facts: dict[str, Any] = {
        field: moment(statistics.get(name)) for field, name in _INSTANTS.items()
    }
    facts["time_to_first_response_secs"] = _duration(
        statistics, "time_to_admin_reply", since=began_at, until=facts["first_admin_reply_at"]
    )
    facts["time_to_resolution_secs"] = _duration(
        statistics, "time_to_last_close", since=began_at, until=facts["closed_at"]
    )
    for field, name in _COUNTS.items():
        facts[field] = int(statistics.get(name) or 0)
    facts["statistics"] = statistics
    return facts


def _duration(
    statistics: dict[str, Any], name: str, *, since: datetime | None, until: datetime | None
) -> int | None:
    if name in statistics:
        value = statistics[name]
        return None if value is None else int(value)
    if since is None or until is None or until < since:
        return None
    return int((until - since).total_seconds())


def _normal_times(statistics: dict[str, Any]) -> dict[str, Any]:
    """Times as unix seconds: webhooks up to 2.14 send them as text."""
    normal = {**statistics}
    normal.pop("type", None)
    for name in _TIMES:
        if normal.get(name).__class__ is str:
            instant = moment(normal[name])
            normal[name] = int(instant.timestamp()) if instant else None
    return normal
