"""From a stored notification to its effect: the topic chooses the function."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from pulsescore.connectors.intercom.inbox.effects import company, contact, conversation, tracked
from pulsescore.connectors.intercom.inbox.effects.telling import Effect, Telling
from pulsescore.connectors.intercom.inbox.envelope import Notification
from pulsescore.connectors.intercom.inbox.superseding import Superseding
from pulsescore.connectors.intercom.inbox.topics import Concern, topic_of
from pulsescore.connectors.intercom.inbox.workspace import Workspace


def _nothing(telling: Telling) -> Effect:
    del telling
    return Effect()


_EFFECTS: Final[dict[Concern, Callable[[Telling], Effect]]] = {
    "contact": contact.changed,
    "contact_deleted": contact.deleted,
    "contact_archived": contact.archived,
    "contact_restored": contact.restored,
    "contact_merged": contact.merged,
    "contact_tagged": contact.tagged,
    "contact_untagged": contact.tagged,
    "contact_unsubscribed": contact.unsubscribed,
    "contact_signed_up": contact.signed_up,
    "conversation": conversation.changed,
    "conversation_deleted": conversation.deleted,
    "conversation_joined": conversation.joined,
    "conversation_left": conversation.left,
    "company": company.changed,
    "company_deleted": company.deleted,
    "company_joined": company.joined,
    "company_left": company.left,
    "tracked_event": tracked.tracked,
    "ping": _nothing,
    "other": _nothing,
}


def effect_of(
    notification: Notification,
    *,
    workspace: Workspace,
    received_at: datetime,
    newer: Superseding | None = None,
) -> Effect:
    """What the notification does; raises `CannotUnderstand`.

    `newer` are notifications that arrived later and are worked on together with this one.
    """
    topic = topic_of(notification.topic)
    telling = Telling(
        notification=notification,
        topic=topic,
        workspace=workspace,
        at=instant_of(notification, received_at=received_at),
    )
    if newer is None or topic.concerns != "conversation":
        return _EFFECTS[topic.concerns](telling)
    if newer.is_superseded(notification, at=telling.at):
        return conversation.happened(telling)
    effect = conversation.changed(telling)
    newer.note(effect.records)
    return effect


def instant_of(notification: Notification, *, received_at: datetime) -> datetime:
    """The instant that it tells of, its own.

    One from the future would hide all that really happens until then, so its arrival bounds it.
    """
    return min(notification.created_at or received_at, received_at)
