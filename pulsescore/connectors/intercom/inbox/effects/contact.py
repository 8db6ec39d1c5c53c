"""Topics about people: created, changed, tagged, unsubscribed, signed up, merged, gone."""

from typing import Any

import msgspec
from msgspec import UNSET

from pulsescore.connectors.intercom import mapping
from pulsescore.connectors.intercom.api.schemas import Contact
from pulsescore.connectors.intercom.inbox import events
from pulsescore.connectors.intercom.inbox.effects.telling import (
    CannotUnderstand,
    Effect,
    Refetch,
    Telling,
)
from pulsescore.connectors.intercom.inbox.json_values import JsonObject, as_object, as_text
from pulsescore.connectors.intercom.inbox.payloads.contact import (
    is_older,
    is_whole,
    person_in,
    rest_contact,
)
from pulsescore.connectors.intercom.inbox.workspace import Workspace
from pulsescore.store.records import CustomerRecord, DeletionRecord, EventRecord, MergeRecord


def changed(telling: Telling) -> Effect:
    """The contact as the payload tells it, and the timeline entry of its topic."""
    person = person_in(telling.item)
    record = customer_of(person, telling)
    return Effect(records=_with_event(record, telling), refetch=lacking(person, telling.workspace))


def restored(telling: Telling) -> Effect:
    """An archived contact is back: this proves it alive."""
    person = person_in(telling.item)
    record = customer_of(person, telling, authoritative=True)
    return Effect(records=[record], refetch=lacking(person, telling.workspace))


def signed_up(telling: Telling) -> Effect:
    """A lead or visitor became a user; it stays the same customer."""
    person = {**person_in(telling.item)}
    if not is_older(person):
        person["role"] = "user"
    person.update({"anonymous": False} if is_older(person) else {})
    record = customer_of(person, telling)
    return Effect(records=[record], refetch=lacking(person, telling.workspace))


def unsubscribed(telling: Telling) -> Effect:
    """The contact wants no more mail; where the payload does not say so, the topic does."""
    person = {"unsubscribed_from_emails": True, **person_in(telling.item)}
    record = customer_of(person, telling)
    return Effect(records=_with_event(record, telling), refetch=lacking(person, telling.workspace))


def tagged(telling: Telling) -> Effect:
    """A tag was put on the contact, or taken off."""
    tag = as_object(telling.item.get("tag"))
    name = as_text(tag.get("name")) or telling.workspace.tags.get(as_text(tag.get("id")) or "")
    person = person_in(telling.item)
    if name is None:
        record = customer_of(person, telling)
        return Effect(records=[record], refetch=[Refetch("contact", record.external_id)])
    # The list beside the tag was read at another moment than the tag was put on: only the tag
    # itself is certain, the rest comes with the contact's own topics.
    record = msgspec.structs.replace(
        customer_of(_without(person, "tags"), telling),
        **{_DELTA[telling.topic.concerns]: [name]},
    )
    entries = _with_event(record, telling)
    records = entries[:1] if name in telling.workspace.mirrored_tags else entries
    return Effect(records=records, refetch=lacking(_without(person, "tags"), telling.workspace))


def merged(telling: Telling) -> Effect:
    """Another contact was merged into this one; an older payload does not say which."""
    person = person_in(telling.item)
    survivor = customer_of(person, telling)
    source = as_text(as_object(telling.item.get("merged_from")).get("id"))
    refetch = list(lacking(person, telling.workspace))
    if source is None:
        return Effect(
            records=[survivor], refetch=[*refetch, Refetch("merges", survivor.external_id)]
        )
    merge = MergeRecord(source=source, target=survivor.external_id, at=telling.at)
    return Effect(records=[survivor, merge], refetch=refetch)


def deleted(telling: Telling) -> Effect:
    """The contact is gone; the guide's topic says so of archived and merged ones too."""
    removal = _removal(telling, reason="deleted")
    return Effect(records=[removal], refetch=[Refetch("contact", removal.external_id)])


def archived(telling: Telling) -> Effect:
    """The contact was put away; it may come back."""
    return Effect(records=[_removal(telling, reason="archived")])


def customer_of(
    person: JsonObject, telling: Telling, *, authoritative: bool = False
) -> CustomerRecord:
    """The record of a person in a payload; raises `CannotUnderstand`."""
    if as_text(person.get("id")) is None:
        raise CannotUnderstand("the payload names no contact id")
    try:
        contact = msgspec.convert(rest_contact(person), Contact, strict=False)
        record = mapping.contact_to_record(
            contact,
            tag_names=telling.workspace.tags,
            observed_at=telling.at,
            authoritative=authoritative,
        )
    except (ValueError, TypeError) as fault:
        raise CannotUnderstand(f"the contact cannot be read: {fault}") from fault
    if not is_whole(person):
        # The group of standard attributes is one value: a part of it would blank the rest.
        return msgspec.structs.replace(record, attributes=UNSET)
    return record


def lacking(person: JsonObject, workspace: Workspace) -> list[Refetch]:
    """The contact itself, if the payload does not tell all that its customer shows."""
    contact = msgspec.convert(rest_contact(person), Contact, strict=False)
    complete = is_whole(person) and not (
        mapping.lacks_tags(contact, workspace.tags) or mapping.lacks_companies(contact)
    )
    return [] if complete else [Refetch("contact", str(contact.id))]


def _with_event(record: CustomerRecord, telling: Telling) -> list[CustomerRecord | EventRecord]:
    event = events.contact_event(
        telling.notification, telling.topic, contact=record.external_id, at=telling.at
    )
    return [record] if event is None else [record, event]


def _removal(telling: Telling, *, reason: Any) -> DeletionRecord:
    external_id = as_text(person_in(telling.item).get("id"))
    if external_id is None:
        raise CannotUnderstand("the payload names no contact id")
    return DeletionRecord(kind="customer", external_id=external_id, at=telling.at, reason=reason)


def _without(person: JsonObject, key: str) -> JsonObject:
    return {name: value for name, value in person.items() if name != key}


_DELTA = {"contact_tagged": "tags_added", "contact_untagged": "tags_removed"}
