"""Objects kept sorted by a time, so that a page or a range costs no scan."""

from bisect import bisect_left, insort
from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar, cast


class Identified(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=Identified)
Row = tuple[int, str, T]


class SortedIndex(Generic[T]):
    """Rows `(value, id, object)` in ascending order of value, then id.

    No two rows share value and id, so comparing rows never reaches the objects.
    """

    def __init__(self) -> None:
        self.rows: list[Row[T]] = []

    def __len__(self) -> int:
        return len(self.rows)

    def load(self, rows: Iterable[tuple[int, T]]) -> None:
        """Fill an index in bulk."""
        self.rows.extend((value, item.id, item) for value, item in rows)
        self.rows.sort()

    def add(self, value: int, item: T) -> None:
        insort(self.rows, (value, item.id, item))

    def remove(self, value: int, item: T) -> None:
        """Take an object out; unknown ones are left alone."""
        at = self.position(value, item.id)
        if at < len(self.rows) and self.rows[at][2] is item:
            del self.rows[at]

    def position(self, value: float, item_id: str = "") -> int:
        """The place of the first row not before `(value, item_id)`."""
        return bisect_left(cast("list[tuple[float, str]]", self.rows), (value, item_id))
