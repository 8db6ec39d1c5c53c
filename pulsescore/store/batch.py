"""What one call of `write.apply` knows and has done so far."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pulsescore.store.lifecycle import Removal, latest

Named = tuple[str, str]
"""A thing by its kind and external id."""


@dataclass(slots=True)
class Batch:
    """The scope of a call, what it has looked up, and what it has changed.

    `customers` and `conversations` map external ids to rows, `aliases` a merged contact to the one
    it was merged into, `asked` the contacts that were looked up. `newcomers` are the external ids
    of customers that became known in this call, `arrived` those of conversations. `contested` are
    things that records tell differently without our being able to say which is newer. `living` are
    things that were unknown, or held as gone, before this call, `ended` those that lived until it.
    `changed_companies` are those that are new or changed, and those that known customers left or
    joined; whom new customers belong to is found by their marks.
    """

    org_id: int
    source_id: int
    now: datetime
    counts: Counter[str] = field(default_factory=Counter)
    changed_customers: set[int] = field(default_factory=set)
    changed_companies: set[int] = field(default_factory=set)
    incomplete: list[Named] = field(default_factory=list)
    contested: dict[Named, None] = field(default_factory=dict)
    removals: dict[Named, Removal] = field(default_factory=dict)
    tombstones: dict[Named, Removal] = field(default_factory=dict)
    companies: dict[str, int] = field(default_factory=dict)
    customers: dict[str, int] = field(default_factory=dict)
    conversations: dict[str, int] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    newcomers: set[str] = field(default_factory=set)
    new_companies: set[str] = field(default_factory=set)
    arrived: set[str] = field(default_factory=set)
    living: set[Named] = field(default_factory=set)
    ended: set[Named] = field(default_factory=set)

    @property
    def scope(self) -> dict[str, Any]:
        """Parameters that every statement of the call carries."""
        return {"org_id": self.org_id, "source_id": self.source_id, "now": self.now}

    def removal_of(self, kind: str, external_id: str) -> Removal | None:
        """What this call or an earlier one says about the thing's end."""
        named = (kind, external_id)
        return latest(self.removals.get(named), self.tombstones.get(named))
