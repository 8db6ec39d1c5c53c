"""Timeline events, under the names and with the properties that customers of connectors know."""

from datetime import datetime
from typing import Any, Final

from pulsescore.connectors.intercom.inbox import parts
from pulsescore.connectors.intercom.inbox.envelope import Notification
from pulsescore.connectors.intercom.inbox.json_values import (
    JsonObject,
    as_instant,
    as_object,
    as_text,
)
from pulsescore.connectors.intercom.inbox.payloads.contact import person_in
from pulsescore.connectors.intercom.inbox.topics import Topic
from pulsescore.connectors.intercom.inbox.workspace import Person, Workspace
from pulsescore.store.records import EventRecord

SOURCE: Final = "intercom"

_STARTS: Final = frozenset({"User started conversation", "Admin started conversation"})
_USERLIKE: Final = frozenset({"contact", "customer"})


def conversation_event(
    notification: Notification, topic: Topic, *, external_id: str, at: datetime, of: Workspace
) -> EventRecord | None:
    """The timeline entry that a conversation topic makes for everybody in the conversation."""
    name = _name(topic, notification.item)
    if name is None:
        return None
    return EventRecord(
        dedupe_key=_dedupe_key(notification),
        name=name,
        source=SOURCE,
        occurred_at=at,
        conversation=external_id,
        properties=_conversation_properties(notification, name, external_id, of),
    )


def contact_event(
    notification: Notification, topic: Topic, *, contact: str, at: datetime
) -> EventRecord | None:
    """The timeline entry that a contact topic makes for this contact."""
    if topic.timeline is None:
        return None
    return EventRecord(
        dedupe_key=_dedupe_key(notification),
        name=topic.timeline,
        source=SOURCE,
        occurred_at=at,
        contacts=[contact],
        properties=_contact_properties(notification, topic.timeline),
    )


def tracked_event(notification: Notification, *, contact: str, at: datetime) -> EventRecord | None:
    """An event that the customer's own product sent to Intercom; it has its own name and time."""
    item = notification.item
    name = as_text(item.get("event_name"))
    if name is None:
        return None
    own_id = as_text(item.get("id"))
    return EventRecord(
        dedupe_key=f"intercom.event:{own_id}" if own_id else _dedupe_key(notification),
        name=name,
        source=SOURCE,
        occurred_at=as_instant(item.get("created_at")) or at,
        contacts=[contact],
        properties=as_object(item.get("metadata")),
        context={"topic": notification.topic},
    )


def _dedupe_key(notification: Notification) -> str:
    return f"intercom.notification:{notification.key}"


def _name(topic: Topic, item: JsonObject) -> str | None:
    if topic.timeline_if_admin and initiated(item) == "admin":
        return topic.timeline_if_admin
    return topic.timeline


def initiated(item: JsonObject) -> str | None:
    """Who began the conversation: user, lead, admin, bot, …"""
    first = parts.first_message(item)
    kind = parts.author_type(first)
    if kind is None and as_text(first.get("delivered_as")) == "admin_initiated":
        return "admin"
    return "user" if kind in _USERLIKE else kind


def _conversation_properties(
    notification: Notification, name: str, external_id: str, of: Workspace
) -> JsonObject:
    item = notification.item
    part = parts.last_part(item)
    message = parts.words(parts.first_message(item) if name in _STARTS else part)
    properties: JsonObject = {
        "topic": notification.topic,
        "message": message,
        "link": _link(item, external_id, of),
        "initiated": initiated(item),
        **_assignee(item, of),
    }
    if name == "Admin added note to conversation":
        properties |= {"note": message, "author": _author(part, of)}
    if name == "Conversation Part Tag Added":
        properties["tags_added"] = parts.tags_added(item)
    return _present(properties)


def _contact_properties(notification: Notification, name: str) -> JsonObject:
    person = person_in(notification.item)
    properties: JsonObject = {"topic": notification.topic}
    if name in ("Updated email address", "Unsubscribed from emails"):
        properties["email"] = as_text(person.get("email"))
    if name in ("Added Tag", "Removed Tag"):
        properties["tag"] = as_text(as_object(notification.item.get("tag")).get("name"))
    return _present(properties)


def _link(item: JsonObject, external_id: str, of: Workspace) -> str:
    told = as_text(as_object(item.get("links")).get("conversation_web"))
    return told if told and told.startswith("https://") else of.conversation_link(external_id)


def _assignee(item: JsonObject, of: Workspace) -> JsonObject:
    older = as_object(item.get("assignee"))
    if older:
        if (as_text(older.get("type")) or "").startswith("nobody"):
            return {}
        return _described(as_text(older.get("id")), older, of)
    for key, names in (("admin_assignee_id", of.admins), ("team_assignee_id", of.teams)):
        number = as_text(item.get(key))
        if number and number != "0":
            person = names.get(number, Person())
            return {
                "assignee_id": number,
                "assignee_name": person.name,
                "assignee_email": person.email,
            }
    return {}


def _described(number: str | None, told: JsonObject, of: Workspace) -> JsonObject:
    known = of.admins.get(number or "") or of.teams.get(number or "") or Person()
    return {
        "assignee_id": number,
        "assignee_name": as_text(told.get("name")) or known.name,
        "assignee_email": as_text(told.get("email")) or known.email,
    }


def _author(part: JsonObject, of: Workspace) -> str | None:
    author = as_object(part.get("author"))
    known = of.admins.get(as_text(author.get("id")) or "", Person())
    told = as_text(author.get("name")) or known.name
    return told or as_text(author.get("email")) or known.email


def _present(properties: dict[str, Any]) -> JsonObject:
    return {key: value for key, value in properties.items() if value not in (None, [])}
