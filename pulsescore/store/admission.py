"""Records sorted by what they are about, each past the door or out of it with its reason. Pure.

This is most of the work of storing, and needs neither the database nor the lock of the source: who
writes batch after batch admits the next one while the last is being written.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pulsescore.store.door import Entry, Unacceptable, admit
from pulsescore.store.kinds import COMPANY, CONVERSATION, CUSTOMER, Kind, Sourced
from pulsescore.store.records import (
    ActivityRecord,
    CompanyRecord,
    ConversationRecord,
    CustomerRecord,
    DeletionRecord,
    EventRecord,
    Malformed,
    MergeRecord,
    Record,
)
from pulsescore.store.stored_state import content_of_entry, told_line

Entries = dict[str, list[Entry]]
"""What records say about things, by their external ids."""


@dataclass(frozen=True)
class Admitted:
    """Records as `write.apply_admitted` takes them; `faults` are those that cannot be stored."""

    companies: Entries
    customers: Entries
    conversations: Entries
    activities: Sequence[ActivityRecord] = ()
    events: Sequence[EventRecord] = ()
    deletions: Sequence[DeletionRecord] = ()
    merges: Sequence[MergeRecord] = ()
    faults: list[Malformed] = field(default_factory=list)


def admit_all(records: Iterable[Record], *, as_new: bool = False) -> Admitted:
    """Check and normalise records of any type.

    `as_new` expects that nothing is stored of them yet, and formats their rows right away.
    """
    told = _by_type(records)
    faults: list[Malformed] = told[Malformed]
    return Admitted(
        companies=_entries(COMPANY, told[CompanyRecord], faults, as_new=as_new),
        customers=_entries(CUSTOMER, told[CustomerRecord], faults, as_new=as_new),
        conversations=_entries(CONVERSATION, told[ConversationRecord], faults, as_new=as_new),
        activities=told[ActivityRecord],
        events=told[EventRecord],
        deletions=told[DeletionRecord],
        merges=told[MergeRecord],
        faults=faults,
    )


def together(first: Admitted, second: Admitted) -> Admitted:
    """Both, what the first one holds of a thing before what the second one does."""
    return Admitted(
        companies=_joined(first.companies, second.companies),
        customers=_joined(first.customers, second.customers),
        conversations=_joined(first.conversations, second.conversations),
        activities=[*first.activities, *second.activities],
        events=[*first.events, *second.events],
        deletions=[*first.deletions, *second.deletions],
        merges=[*first.merges, *second.merges],
        faults=[*first.faults, *second.faults],
    )


def _joined(first: Entries, second: Entries) -> Entries:
    if not first or not second:
        return first or second
    twice = {name: [*first[name], *second[name]] for name in first.keys() & second.keys()}
    return {**first, **second, **twice}


def _by_type(records: Iterable[Record]) -> dict[type, list[Any]]:
    told: dict[type, list[Any]] = {
        CustomerRecord: [],
        CompanyRecord: [],
        ConversationRecord: [],
        ActivityRecord: [],
        EventRecord: [],
        DeletionRecord: [],
        MergeRecord: [],
        Malformed: [],
    }
    for record in records:
        told[type(record)].append(record)
    return told


def _entries(
    kind: Kind, records: Iterable[Sourced], faults: list[Malformed], *, as_new: bool
) -> Entries:
    entries: Entries = {}
    for record in records:
        try:
            entry = admit(kind, record)
        except Unacceptable as fault:
            faults.append(_fault(kind, record, str(fault)))
            continue
        if as_new:
            entry.line = told_line(kind, content_of_entry(kind, entry))
        of_thing = entries.setdefault(entry.record.external_id, [])
        repeats = of_thing and of_thing[-1].digest == entry.digest
        if not repeats or entry.authoritative:
            of_thing.append(entry)
    return entries


def _fault(kind: Kind, record: Sourced, detail: str) -> Malformed:
    return Malformed(
        kind=kind.name,
        external_id=record.external_id[:255] or "(none)",
        detail=detail,
        observed_at=record.observed_at,
    )
