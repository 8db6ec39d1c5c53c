"""Timeline entries: each fact once per customer; for people not known yet, when they are."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec

from pulsescore.store import dirty, held, identity, scrub, statements
from pulsescore.store.batch import Batch
from pulsescore.store.held import Item
from pulsescore.store.records import EventRecord

_KIND = "event"
_LONGEST_KEY = 200
_LARGEST_BYTES = 200_000


class _Delivery(NamedTuple):
    """An event for one contact."""

    contact: str
    event: EventRecord


def contacts_in(records: Iterable[EventRecord]) -> set[str]:
    """The contacts that events name."""
    return {name for record in records for name in record.contacts}


def conversations_in(records: Iterable[EventRecord]) -> set[str]:
    """The conversations whose people events are for."""
    return {record.conversation for record in records if record.conversation is not None}


def admit_all(batch: Batch, records: Iterable[EventRecord]) -> list[EventRecord]:
    """The events that can be stored; one that cannot is counted and left out."""
    admitted = []
    for record in records:
        try:
            clean = _admit(record)
        except (TypeError, ValueError, OverflowError, RecursionError):
            batch.counts["event.malformed"] += 1
        else:
            admitted.append(clean)
    return admitted


def write(batch: Batch, records: Sequence[EventRecord]) -> None:
    """Store events for the customers they mean; the others wait."""
    awaited = [f"customer:{name}" for name in batch.newcomers]
    awaited += [f"conversation:{name}" for name in batch.arrived]
    released = held.find_released(batch, _KIND, awaited)
    held.drop(batch, _KIND, released)
    waited = [msgspec.json.decode(text, type=EventRecord) for text in released.values()]
    deliveries, homeless = _address(batch, [*records, *waited])
    known, unknown = [], []
    for delivery in deliveries:
        customer_id = identity.customer_of(batch, delivery.contact)
        if customer_id is not None:
            known.append((customer_id, delivery.event))
        elif not identity.is_erased(batch, delivery.contact):
            unknown.append(delivery)
    _insert(batch, known)
    _hold(batch, unknown, homeless)


def insert(batch_params: dict[str, Any], known: Sequence[tuple[int, EventRecord]]) -> int:
    """Store events for customers by id, once per (customer, dedupe key); returns the new ones."""
    if not known:
        return 0
    return statements.run(
        statements.PUT_EVENTS,
        {
            **batch_params,
            "customers": [customer_id for customer_id, _ in known],
            "sources": [event.source for _, event in known],
            "names": [event.name for _, event in known],
            "ats": [event.occurred_at.isoformat() for _, event in known],
            "properties": [_json(event.properties) for _, event in known],
            "contexts": [_json(event.context) for _, event in known],
            "keys": [event.dedupe_key for _, event in known],
        },
    )


def _insert(batch: Batch, known: Sequence[tuple[int, EventRecord]]) -> None:
    inserted = insert(batch.scope, known)
    if inserted:
        # No score follows from them, but who is in which segment does.
        dirty.mark_own(batch.org_id, {customer_id for customer_id, _ in known})
    batch.counts["event.inserted"] += inserted
    batch.counts["event.unchanged"] += len(known) - inserted


def _admit(record: EventRecord) -> EventRecord:
    clean = scrub.struct(record)
    if len(_json(clean.properties)) + len(_json(clean.context)) > _LARGEST_BYTES:
        raise ValueError("too large")
    if record.occurred_at.tzinfo is None:
        raise ValueError("no time zone")
    contacts = [name for name in clean.contacts if scrub.is_storable_id(name)]
    key = clean.dedupe_key
    if len(key) > _LONGEST_KEY:
        key = hashlib.blake2b(key.encode(), digest_size=16).hexdigest()
    return msgspec.structs.replace(
        clean, contacts=contacts, dedupe_key=key, source=clean.source[:32]
    )


def _address(
    batch: Batch, records: Sequence[EventRecord]
) -> tuple[list[_Delivery], list[EventRecord]]:
    """Each event with each of its contacts, and the events whose conversation is not known."""
    people = _people_of(
        batch, {r.conversation for r in records if r.conversation and not r.contacts}
    )
    identity.learn(batch, {name for names in people.values() for name in names})
    deliveries: list[_Delivery] = []
    homeless: list[EventRecord] = []
    for record in records:
        if record.contacts:
            deliveries += [_Delivery(name, record) for name in record.contacts]
        elif record.conversation in people:
            deliveries += [_Delivery(name, record) for name in people[record.conversation]]
        elif record.conversation is not None:
            homeless.append(record)
    return deliveries, homeless


def _people_of(batch: Batch, conversations: Iterable[str | None]) -> dict[str, list[str]]:
    ids = [batch.conversations[name] for name in conversations if name in batch.conversations]
    if not ids:
        return {}
    params = {**batch.scope, "ids": ids}
    return dict(statements.fetch(statements.CONTACTS_OF_CONVERSATIONS, params))


def _hold(batch: Batch, unknown: Iterable[_Delivery], homeless: Iterable[EventRecord]) -> None:
    items = {}
    for contact, event in unknown:
        for_one = msgspec.structs.replace(event, contacts=[contact], conversation=None)
        item = _item(for_one, f"{event.dedupe_key}@{contact}"[:255], f"customer:{contact}")
        items[item.external_id] = item
    for event in homeless:
        if batch.removal_of("conversation", event.conversation or "") is None:
            item = _item(event, event.dedupe_key, f"conversation:{event.conversation}")
            items[item.external_id] = item
    if items:
        held.put(batch, _KIND, list(items.values()), held.find(batch, _KIND, items))
        batch.counts["event.held"] += len(items)


def _item(event: EventRecord, name: str, awaited: str) -> Item:
    return Item(
        external_id=name,
        reason="no_contact" if awaited.startswith("customer:") else "no_conversation",
        waits_for=[awaited],
        record=_json(event),
        digest=b"",
        version=None,
        observed_at=event.occurred_at,
    )


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
