"""What one call is going to store of one kind of thing, decided before anything is written."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from pulsescore.store.held import Item
from pulsescore.store.lifecycle import Removal
from pulsescore.store.stored_state import Content


class Insert(NamedTuple):
    """A new row."""

    content: Content
    deleted_at: datetime | None
    deleted_reason: str | None


class Update(NamedTuple):
    """A changed row; `relink` if the names that it links to changed."""

    row_id: int
    content: Content
    deleted_at: datetime | None
    deleted_reason: str | None
    relink: bool


@dataclass(slots=True)
class Plan:
    """Rows to insert and update, records to put aside or forget, ends to remember or forget.

    `settled` are rows that say what they said, but were observed later.
    """

    inserts: list[Insert] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    settled: list[tuple[int, datetime]] = field(default_factory=list)
    holds: list[Item] = field(default_factory=list)
    unhold: list[str] = field(default_factory=list)
    bury: dict[str, Removal] = field(default_factory=dict)
    unbury: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Written:
    """What was stored: new rows by external id, changed rows, and links that came or went.

    `relinked` are those links of stored rows.
    """

    inserted: dict[str, int] = field(default_factory=dict)
    updated: list[int] = field(default_factory=list)
    links: list[tuple[int, int]] = field(default_factory=list)
    relinked: list[tuple[int, int]] = field(default_factory=list)

    def owners(self) -> Iterable[int]:
        """Rows that are new, changed, or linked differently."""
        return {*self.inserted.values(), *self.updated, *(owner for owner, _ in self.links)}
