"""What passed the door as bytes and back, so that another process can do that work. Pure."""

from datetime import datetime
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct

from pulsescore.store.admission import Admitted, Entries
from pulsescore.store.door import Entry
from pulsescore.store.records import (
    ActivityRecord,
    CompanyRecord,
    ConversationRecord,
    CustomerRecord,
    DeletionRecord,
    EventRecord,
    Malformed,
    MergeRecord,
)

R = TypeVar("R", CompanyRecord, CustomerRecord, ConversationRecord)


class _Entry(Struct, Generic[R], array_like=True, gc=False):
    """An `Entry` whose record is known to be of one type."""

    record: R
    observed_at: datetime
    authoritative: bool
    digest: bytes
    line: bytes | None
    fingerprint: bytes | None


class _Admitted(Struct, array_like=True):
    companies: list[_Entry[CompanyRecord]]
    customers: list[_Entry[CustomerRecord]]
    conversations: list[_Entry[ConversationRecord]]
    activities: list[ActivityRecord]
    events: list[EventRecord]
    deletions: list[DeletionRecord]
    merges: list[MergeRecord]
    faults: list[Malformed]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Admitted).decode


def pack(admitted: Admitted) -> bytes:
    """Raises `ValueError` or `OverflowError` where something has no form in MessagePack."""
    return _encode(
        (
            _listed(admitted.companies),
            _listed(admitted.customers),
            _listed(admitted.conversations),
            admitted.activities,
            admitted.events,
            admitted.deletions,
            admitted.merges,
            admitted.faults,
        )
    )


def unpack(packed: bytes) -> Admitted:
    """What `pack` was given; raises `msgspec.DecodeError` for anything else."""
    told = _decode(packed)
    return Admitted(
        companies=_by_name(told.companies),
        customers=_by_name(told.customers),
        conversations=_by_name(told.conversations),
        activities=told.activities,
        events=told.events,
        deletions=told.deletions,
        merges=told.merges,
        faults=told.faults,
    )


def _listed(entries: Entries) -> list[tuple[object, ...]]:
    return [
        (one.record, one.observed_at, one.authoritative, one.digest, one.line, one.fingerprint)
        for of_thing in entries.values()
        for one in of_thing
    ]


def _by_name(told: list[_Entry[R]]) -> Entries:
    entries: Entries = {}
    for one in told:
        entry = Entry(
            one.record, one.observed_at, one.authoritative, one.digest, one.line, one.fingerprint
        )
        entries.setdefault(one.record.external_id, []).append(entry)
    return entries
