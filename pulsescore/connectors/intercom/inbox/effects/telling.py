"""What each effect is given and what it gives back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from pulsescore.connectors.intercom.inbox.envelope import Notification
from pulsescore.connectors.intercom.inbox.json_values import JsonObject
from pulsescore.connectors.intercom.inbox.topics import Topic
from pulsescore.connectors.intercom.inbox.workspace import Workspace
from pulsescore.store.records import Record

RefetchKind = Literal["contact", "life", "conversation", "company", "merges", "person"]


class CannotUnderstand(ValueError):
    """The payload cannot be read; the message says what is missing or wrong."""


class Refetch(Struct, frozen=True):
    """An object to read again at Intercom.

    "life" is a contact that may have been archived, which its id alone does not show; "person" is
    one known by your own user id only.
    """

    kind: RefetchKind
    external_id: str


class Effect(Struct, frozen=True, kw_only=True):
    """Records to apply, and what must be read again because the payload lacks it."""

    records: Sequence[Record] = ()
    refetch: Sequence[Refetch] = ()


class Telling(Struct, frozen=True, kw_only=True):
    """One notification with what is needed to understand it; `at` is the instant it tells of."""

    notification: Notification
    topic: Topic
    workspace: Workspace
    at: datetime

    @property
    def item(self) -> JsonObject:
        """What the notification is about."""
        return self.notification.item
