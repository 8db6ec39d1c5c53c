"""What the three kinds of stored things have in common: fields, columns, limits. Pure.

A kind is a table of facts about a record type; `door`, `merge` and `things` are written once, on
these tables. A new field of a record needs its column in the model and nothing here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import msgspec

from pulsescore.store.records import (
    CompanyRecord,
    ConversationRecord,
    CustomerRecord,
    ObjectKind,
)

Sourced = CustomerRecord | CompanyRecord | ConversationRecord

_IDENTITY = ("external_id", "version", "observed_at", "authoritative", "fingerprint")
_INT4 = 2**31 - 1
_INT8 = 2**63 - 1


@dataclass(frozen=True, kw_only=True)
class Kind:
    """The shape of one kind of thing.

    `latest` are instants that never go backwards, `lists` sets of texts that records may also add
    to and remove from, `documents` JSON. `texts` and `numbers` are the limits of columns, in
    characters and as the largest value (the smallest is its negative). `counted` is the field
    whose own version must be known, because activities after it are counted on top.
    """

    name: ObjectKind
    record: type[Sourced]
    links: str
    column_of: dict[str, str] = field(default_factory=dict)
    defaults: dict[str, Any] = field(default_factory=dict)
    latest: frozenset[str] = frozenset()
    lists: tuple[str, ...] = ()
    counted: str = ""
    documents: tuple[str, ...] = ()
    texts: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    @property
    def table(self) -> str:
        """The database table."""
        return f"store_{self.name}"

    def default(self, name: str) -> Any:
        """What the column holds while no record has told the field."""
        if name in self.lists:
            return []
        return {} if name in self.documents else self.defaults.get(name)

    @property
    def layout(self) -> "_Layout":
        """What was worked out about the kind once."""
        return _LAYOUTS[self.name]

    def named(self, record: Sourced) -> list[str]:
        """The external ids of things that the record links to."""
        if not self.links:
            return []
        told = getattr(record, self.links) or []
        added = getattr(record, f"{self.links}_added")
        return [*told, *added] if added else told


CUSTOMER = Kind(
    name="customer",
    record=CustomerRecord,
    links="companies",
    column_of={"companies": "company_external_ids"},
    defaults={"contact_role": "user"},
    latest=frozenset({"last_seen_at", "last_replied_at", "last_contacted_at"}),
    lists=("tags", "companies"),
    documents=("metadata", "attributes"),
    texts={"external_id": 255, "email": 600, "name": 600, "contact_role": 8},
)
COMPANY = Kind(
    name="company",
    record=CompanyRecord,
    links="",
    lists=("tags",),
    documents=("metadata",),
    texts={"external_id": 255, "name": 600},
    numbers={"size": _INT8, "monthly_spend": 10**12 - 1},
)
CONVERSATION = Kind(
    name="conversation",
    record=ConversationRecord,
    links="contacts",
    column_of={
        "contacts": "contact_external_ids",
        "reopens": "stats_reopens",
        "assignments": "stats_assignments",
    },
    defaults={"reopens": 0, "assignments": 0},
    counted="reopens",
    lists=("tags", "contacts"),
    documents=("statistics",),
    texts={
        "external_id": 255,
        "status": 8,
        "priority": 16,
        "source_type": 32,
        "delivered_as": 32,
        "author_type": 16,
    },
    numbers={
        "time_to_first_response_secs": _INT8,
        "time_to_resolution_secs": _INT8,
        "reopens": _INT4,
        "assignments": _INT4,
        "rating": 2**15 - 1,
    },
)
KINDS: dict[ObjectKind, Kind] = {kind.name: kind for kind in (CUSTOMER, COMPANY, CONVERSATION)}


def _names(kind: Kind) -> list[str]:
    return [item.name for item in msgspec.structs.fields(kind.record)]


def _deltas(kind: Kind) -> list[str]:
    possible = {f"{name}_{what}" for name in kind.lists for what in ("added", "removed")}
    return [name for name in _names(kind) if name in possible]


def _fields(kind: Kind) -> tuple[str, ...]:
    """What a record tells, documents last."""
    apart = {*_IDENTITY, *_deltas(kind), *kind.documents}
    return (*(name for name in _names(kind) if name not in apart), *kind.documents)


def _getter(names: Sequence[str]) -> Callable[[Sourced], tuple[Any, ...]]:
    """All these attributes at once, as a tuple however few they are."""
    if not names:
        return lambda record: ()
    if len(names) == 1:
        (name,) = names
        return lambda record: (getattr(record, name),)
    return attrgetter(*names)


def _instants(kind: Kind) -> list[str]:
    return [
        item.name
        for item in msgspec.structs.fields(kind.record)
        if item.name != "observed_at" and "datetime" in str(item.type)
    ]


@dataclass(frozen=True)
class _Layout:
    """What is worth working out once per kind, because every record asks for it."""

    fields: tuple[str, ...]
    columns: tuple[str, ...]
    list_places: tuple[int, ...]
    told: Callable[[Sourced], tuple[Any, ...]]
    deltas: Callable[[Sourced], tuple[Any, ...]]
    text_limits: tuple[tuple[str, int], ...]
    number_limits: tuple[tuple[str, int], ...]
    texts: Callable[[Sourced], tuple[Any, ...]]
    numbers: Callable[[Sourced], tuple[Any, ...]]
    instants: Callable[[Sourced], tuple[Any, ...]]


def _layout(kind: Kind) -> _Layout:
    fields = _fields(kind)
    return _Layout(
        fields=fields,
        columns=tuple(kind.column_of.get(name, name) for name in fields),
        list_places=tuple(fields.index(name) for name in kind.lists),
        told=_getter(fields),
        deltas=_getter(_deltas(kind)),
        text_limits=tuple(kind.texts.items()),
        number_limits=tuple(kind.numbers.items()),
        texts=_getter(list(kind.texts)),
        numbers=_getter(list(kind.numbers)),
        instants=_getter(_instants(kind)),
    )


_LAYOUTS = {kind.name: _layout(kind) for kind in KINDS.values()}
