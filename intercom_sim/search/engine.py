"""Answers searches: from an index where the query is a range of times, else by looking."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from intercom_sim.index import Identified, SortedIndex
from intercom_sim.rest.errors import ApiError, invalid
from intercom_sim.search.fields import Catalogue
from intercom_sim.search.paging import Rows
from intercom_sim.search.predicate import Predicate, compile_query
from intercom_sim.search.query import Node
from intercom_sim.search.ranges import Range, bounds

T = TypeVar("T", bound=Identified)
REMEMBERED = 32


@dataclass(frozen=True)
class Sort:
    """The order asked for."""

    field: str
    descending: bool


def parse_sort(raw: object, *, default: Sort) -> Sort:
    """The `sort` of a search body; raises `ApiError` 400 for another order than the two."""
    if raw is None:
        return default
    if not isinstance(raw, dict):
        raise invalid("sort is not valid", field="sort")
    order = raw.get("order", "descending")
    if order not in ("ascending", "descending"):
        message = "order must be either 'ascending' or 'descending'"
        raise ApiError(400, "invalid_sort_order", message, field="sort")
    return Sort(str(raw.get("field", default.field)), order == "descending")


@dataclass
class Engine(Generic[T]):
    """Searches one kind of object over its indexes; filtered results are kept for their pages."""

    catalogue: Catalogue[T]
    indexes: Mapping[str, SortedIndex[T]]
    zone: ZoneInfo
    _kept: OrderedDict[object, Rows[T]] = field(default_factory=OrderedDict)

    def find(self, node: Node, *, sort: Sort, version: int) -> Rows[T]:
        """Rows that match, sorted ascending by the sort field."""
        predicate = compile_query(node, catalogue=self.catalogue, zone=self.zone)
        if self.catalogue.find(sort.field) is None:
            raise invalid(f"invalid field supplied: {sort.field}", field="sort")
        if sort.field in self.indexes:
            wanted = self._bounds(node, sort.field)
            if wanted.exact:
                return self._slice(sort.field, wanted)
        key = (repr(node), sort.field, version)
        if key not in self._kept:
            self._keep(key, self._filtered(node, predicate, sort_field=sort.field))
        return self._kept[key]

    def _bounds(self, node: Node, name: str) -> Range:
        return bounds(node, name, zone=self.zone if self.catalogue.whole_days else None)

    def _slice(self, name: str, wanted: Range) -> Rows[T]:
        index = self.indexes[name]
        start, stop = index.position(wanted.low), index.position(wanted.high)
        return Rows(index.rows, start, max(start, stop))

    def _filtered(self, node: Node, predicate: Predicate[T], *, sort_field: str) -> Rows[T]:
        slices = [self._slice(name, self._bounds(node, name)) for name in self.indexes]
        least = min(slices, key=lambda rows: rows.total)
        candidates = (row[2] for row in least.rows[least.start : least.stop])
        read = self._sort_key(sort_field)
        found = [(read(item), item.id, item) for item in candidates if predicate(item)]
        found.sort(key=lambda row: row[:2])
        return Rows(found, 0, len(found))

    def _sort_key(self, name: str) -> Any:
        chosen = self.catalogue.find(name)
        if chosen is None or chosen.kind == "ids":
            raise invalid(f"cannot sort by {name}", field="sort")
        empty: Any = "" if chosen.kind == "string" else -1
        read = chosen.read
        return lambda item: empty if (value := read(item)) is None else value

    def _keep(self, key: object, rows: Rows[T]) -> None:
        self._kept[key] = rows
        while len(self._kept) > REMEMBERED:
            self._kept.popitem(last=False)
