"""Of many notifications about one conversation, the newest whole one tells its fields. Pure.

A field is decided by the newest record that tells it, so an older payload whose every field the
newer one tells too adds nothing to the fields; what happened (timeline, activities, words of a
contact) is told by each notification all the same.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from msgspec import UNSET, Struct

from pulsescore.connectors.intercom.inbox.envelope import Notification
from pulsescore.connectors.intercom.inbox.json_values import JsonObject, as_seconds
from pulsescore.connectors.intercom.inbox.payloads.conversation import conversation_id, is_older
from pulsescore.store.door import Unacceptable, admit
from pulsescore.store.kinds import CONVERSATION
from pulsescore.store.records import ConversationRecord, Record

# Which members of a payload may tell a field. A topic may tell the two that it names besides.
_TOLD_BY: Final[dict[str, tuple[str, ...]]] = {
    "status": ("state", "open"),
    "subject": ("source", "title"),
    "opened_at": ("created_at",),
    "waiting_since": ("waiting_since",),
    "snoozed_until": ("snoozed_until",),
    "assignee_external_id": ("admin_assignee_id",),
    "team_external_id": ("team_assignee_id",),
    "priority": ("priority",),
    "rating": ("conversation_rating",),
    "rating_remark": ("conversation_rating",),
    "source_type": ("source",),
    "delivered_as": ("source",),
    "author_type": ("source",),
    "tags": ("tags", "tags_added", "conversation_parts"),
    "contacts": ("contacts",),
}
_OF_STATISTICS: Final = ("statistics",)
_TOLD_BY_TOPICS: Final = frozenset({"status", "closed_at"})


class Covering(Struct, frozen=True):
    """A record that makes older ones needless, and the members of a payload that it left open."""

    version: int
    observed_at: datetime
    left_open: frozenset[str]

    def covers(self, notification: Notification, *, at: datetime) -> bool:
        """Whether the notification's payload can add nothing to the conversation's fields."""
        item = notification.item
        version = as_seconds(item.get("updated_at"))
        if version is None or version >= self.version or at > self.observed_at:
            return False
        return not is_older(item) and self.left_open.isdisjoint(_members(item))


class Superseding:
    """Given notifications newest first, knows which of them need not be read for their fields."""

    def __init__(self) -> None:
        self._coverings: dict[str, Covering] = {}

    def is_superseded(self, notification: Notification, *, at: datetime) -> bool:
        """Whether a newer one tells all that this one tells of its conversation's fields."""
        covering = self._coverings.get(conversation_id(notification.item) or "")
        return covering is not None and covering.covers(notification, at=at)

    def note(self, records: Iterable[Record]) -> None:
        """These records were read from a notification and will be stored."""
        for record in records:
            if isinstance(record, ConversationRecord):
                self._note(record)

    def _note(self, record: ConversationRecord) -> None:
        known = self._coverings.get(record.external_id)
        if record.version is None or not _is_storable(record):
            return
        version = int(record.version.timestamp())
        if known is None or version > known.version:
            covering = Covering(version, record.observed_at, _left_open(record))
            self._coverings[record.external_id] = covering


def _members(item: JsonObject) -> set[str]:
    """What a payload may tell by; a rating that was not given is no telling."""
    members = set(item)
    if item.get("conversation_rating") is None:
        members.discard("conversation_rating")
    return members


def _is_storable(record: ConversationRecord) -> bool:
    """One that the store puts into quarantine must not hide an older one that it would take."""
    try:
        admit(CONVERSATION, record)
    except Unacceptable:
        return False
    return True


def _left_open(record: ConversationRecord) -> frozenset[str]:
    open_fields = [
        name
        for name, value in zip(
            CONVERSATION.layout.fields, CONVERSATION.layout.told(record), strict=True
        )
        if value is UNSET
    ]
    if _TOLD_BY_TOPICS.intersection(open_fields):
        # A topic tells these without any member of the payload: nothing may be left out.
        return frozenset({"id", "conversation_id"})
    return frozenset(
        member for name in open_fields for member in _TOLD_BY.get(name, _OF_STATISTICS)
    )
