"""Whether a thing is there or gone, from what proves either. Pure.

A merge is final. A removal holds until something later proves the thing alive (a newer version, or
a read of the thing itself after the removal). A customer without an e-mail address is gone until
it has one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

RemovalReason = Literal["deleted", "archived", "blocked", "merged", "no_email", "erased"]
FINAL = frozenset({"merged", "erased"})


@dataclass(frozen=True, slots=True)
class Removal:
    """The thing is gone since `at`; a merge says into whom."""

    at: datetime
    reason: str
    merged_into: str | None = None

    @property
    def rank(self) -> tuple[bool, datetime, str]:
        """The greater one counts: a final one, else the later."""
        return self.reason in FINAL, self.at, self.reason


def latest(one: Removal | None, other: Removal | None) -> Removal | None:
    """The one that counts of two removals: a final one, else the later."""
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda removal: removal.rank)


def holds(removal: Removal | None, *, alive_at: datetime | None) -> bool:
    """Whether the removal stands against the latest proof of life."""
    if removal is None or removal.reason == "no_email":
        return False
    return removal.reason in FINAL or alive_at is None or alive_at <= removal.at
