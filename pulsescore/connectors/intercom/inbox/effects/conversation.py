"""Topics about conversations: fields, what happened to them, who takes part, and their end."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from pulsescore.connectors.intercom import mapping
from pulsescore.connectors.intercom.api.schemas import Conversation
from pulsescore.connectors.intercom.inbox import events, parts
from pulsescore.connectors.intercom.inbox.effects import contact as contacts
from pulsescore.connectors.intercom.inbox.effects.telling import (
    CannotUnderstand,
    Effect,
    Refetch,
    Telling,
)
from pulsescore.connectors.intercom.inbox.json_values import (
    JsonObject,
    as_instant,
    as_object,
    as_text,
)
from pulsescore.connectors.intercom.inbox.payloads.conversation import (
    conversation_id,
    internal_conversation,
    is_older,
    rest_conversation,
)
from pulsescore.store.records import (
    ActivityKind,
    ActivityRecord,
    ConversationRecord,
    CustomerRecord,
    DeletionRecord,
    Record,
)

_TOLD_BY: Final = {
    "closed_at": "last_close_at",
    "first_closed_at": "first_close_at",
    "first_admin_reply_at": "first_admin_reply_at",
    "last_admin_reply_at": "last_admin_reply_at",
    "last_contact_reply_at": "last_contact_reply_at",
    "time_to_first_response_secs": "time_to_admin_reply",
    "time_to_resolution_secs": "time_to_last_close",
    "reopens": "count_reopens",
    "assignments": "count_assignments",
}
_CONTACTS: Final = frozenset({"user", "lead", "contact"})
_NEEDED: Final = ("created_at", "updated_at", "state", "contacts", "source", "statistics", "tags")


def changed(telling: Telling) -> Effect:
    """The conversation as far as told, what happened to it, and the timeline entry."""
    happenings = _happenings(telling)
    told = rest_conversation(telling.item)
    records: list[Record] = [_record(told, telling), *happenings]
    return Effect(records=records, refetch=_lacking(told, telling))


def happened(telling: Telling) -> Effect:
    """Only what happened, where a newer notification tells the conversation's fields."""
    return Effect(records=_happenings(telling))


def _happenings(telling: Telling) -> list[Record]:
    external_id = _id_in(telling.item)
    records: list[Record] = [*_activities(external_id, telling), *_spoken(telling)]
    event = events.conversation_event(
        telling.notification,
        telling.topic,
        external_id=external_id,
        at=telling.at,
        of=telling.workspace,
    )
    if event is not None:
        records.append(event)
    return records


def deleted(telling: Telling) -> Effect:
    """The conversation is gone."""
    external_id = _id_in(telling.item)
    return Effect(
        records=[DeletionRecord(kind="conversation", external_id=external_id, at=telling.at)]
    )


def joined(telling: Telling) -> Effect:
    """Somebody was added to the conversation."""
    return _people_changed(telling, is_added=True)


def left(telling: Telling) -> Effect:
    """Somebody was taken out of the conversation."""
    return _people_changed(telling, is_added=False)


def _people_changed(telling: Telling, *, is_added: bool) -> Effect:
    person = as_object(telling.item.get("contact"))
    customer = contacts.customer_of(person, telling)
    told = internal_conversation(telling.item)
    if told["id"] is None:
        raise CannotUnderstand("the payload names no conversation id")
    record = ConversationRecord(
        external_id=told["id"],
        version=None,
        observed_at=telling.at,
        contacts_added=[customer.external_id] if is_added else [],
        contacts_removed=[] if is_added else [customer.external_id],
    )
    refetch = [
        Refetch("conversation", record.external_id),
        *contacts.lacking(person, telling.workspace),
    ]
    return Effect(records=[customer, record], refetch=refetch)


def _id_in(item: JsonObject) -> str:
    external_id = conversation_id(item)
    if external_id is None:
        raise CannotUnderstand("the payload names no conversation id")
    return external_id


def _record(told: JsonObject, telling: Telling) -> ConversationRecord:
    try:
        conversation = msgspec.convert(told, Conversation, strict=False)
        record = mapping.conversation_to_record(
            conversation, tag_names=telling.workspace.tags, observed_at=telling.at
        )
    except (ValueError, TypeError) as fault:
        raise CannotUnderstand(f"the conversation cannot be read: {fault}") from fault
    record = _without_guesses(record, told)
    people = record.contacts
    if is_older(telling.item) and not isinstance(people, UnsetType):
        # The older shape names one person of perhaps several.
        record.contacts, record.contacts_added = UNSET, people
    if record.status is UNSET and telling.topic.status is not None:
        record.status = telling.topic.status
    if telling.topic.activity == "closed" and not record.closed_at:
        record.closed_at = _part_at(parts.last_part(telling.item), telling)
    added = parts.tags_added(telling.item) if _tells_of_tags(telling) else []
    record.tags_added = [name for name in added if record.tags is UNSET]
    return record


def _tells_of_tags(telling: Telling) -> bool:
    return telling.notification.topic == "conversation_part.tag.created"


def _without_guesses(record: ConversationRecord, told: JsonObject) -> ConversationRecord:
    """Statistics that the payload does not mention are not zero, they are not told."""
    statistics = told.get("statistics")
    if statistics is None:
        return record
    missing = {field for field, name in _TOLD_BY.items() if name not in statistics}
    silent = {field: UNSET for field in missing if not getattr(record, field)}
    if missing:
        silent["statistics"] = UNSET
    return msgspec.structs.replace(record, **silent)


def _activities(external_id: str, telling: Telling) -> Sequence[ActivityRecord]:
    kinds: set[ActivityKind] = set()
    if telling.topic.activity is not None:
        kinds.add(telling.topic.activity)
    if telling.topic.part_may_reopen and parts.reopens(telling.item):
        kinds.add("reopened")
    return [
        ActivityRecord(conversation=external_id, kind=kind, at=telling.at) for kind in sorted(kinds)
    ]


def _spoken(telling: Telling) -> list[CustomerRecord]:
    """That a contact wrote moves its own times, of which no topic about the contact tells."""
    message = parts.last_part(telling.item)
    if not message and telling.topic.activity == "opened":
        message = {
            **parts.first_message(telling.item),
            "created_at": telling.item.get("created_at"),
        }
    author = as_text(as_object(message.get("author")).get("id"))
    if author is None or parts.author_type(message) not in _CONTACTS or not message.get("body"):
        return []
    at = _part_at(message, telling)
    return [
        CustomerRecord(external_id=author, version=None, observed_at=telling.at, last_replied_at=at)
    ]


def _part_at(part: JsonObject, telling: Telling) -> datetime:
    """When a part was written, as far as told; no later than the notification."""
    return min(as_instant(part.get("created_at")) or telling.at, telling.at)


def _lacking(told: JsonObject, telling: Telling) -> list[Refetch]:
    """The conversation itself, if the payload leaves out what its row shows."""
    statistics = as_object(told.get("statistics"))
    complete = (
        not is_older(telling.item)
        and all(key in told for key in _NEEDED)
        and all(name in statistics for name in _TOLD_BY.values())
        and all(as_text(tag.get("name")) for tag in as_object(told["tags"]).get("tags", []))
    )
    return [] if complete else [Refetch("conversation", _id_in(telling.item))]
