"""Pages of sorted rows, forwards or backwards, from a cursor."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Generic, TypeVar

from intercom_sim.rest.errors import invalid
from intercom_sim.search.cursor import Cursor, encode

T = TypeVar("T")


@dataclass(frozen=True)
class Rows(Generic[T]):
    """The rows from `start` up to `stop` of a list sorted by value, then id."""

    rows: Sequence[tuple[Any, str, T]]
    start: int
    stop: int

    @property
    def total(self) -> int:
        return self.stop - self.start


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page: the objects, and the envelope's `pages`."""

    items: list[T]
    total: int
    pages: dict[str, Any]


def cut(found: Rows[T], *, per_page: int, after: Cursor | None, descending: bool) -> Page[T]:
    """The page of `found` that follows the cursor."""
    low, high = _window(found, after=after, descending=descending)
    if descending:
        chosen = found.rows[max(low, high - per_page) : high][::-1]
    else:
        chosen = found.rows[low : min(high, low + per_page)]
    number = after.page if after else 1
    pages: dict[str, Any] = {
        "type": "pages",
        "page": number,
        "per_page": per_page,
        "total_pages": ceil(found.total / per_page),
    }
    if high - low > per_page:
        value, item_id, _ = chosen[-1]
        mark = encode(Cursor(value, item_id, number + 1))
        pages["next"] = {"per_page": per_page, "starting_after": mark}
    return Page([row[2] for row in chosen], found.total, pages)


def _window(found: Rows[T], *, after: Cursor | None, descending: bool) -> tuple[int, int]:
    if after is None:
        return found.start, found.stop
    key = (after.value, after.item_id)
    try:
        if descending:
            stop = bisect_left(found.rows, key, found.start, found.stop, key=_key)
            return found.start, stop
        return bisect_right(found.rows, key, found.start, found.stop, key=_key), found.stop
    except TypeError:
        raise invalid("starting_after is of another query", field="starting_after") from None


def _key(row: tuple[Any, str, Any]) -> tuple[Any, str]:
    return row[0], row[1]
