"""One page of the customer list with all that its columns show, in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pulsescore.scoring import queries as scoring
from pulsescore.scoring.queries import CustomerRow
from pulsescore.segments.queries import SegmentRef, segments_of_many
from pulsescore.store import customer_facts
from pulsescore.web.customers.columns import Layout
from pulsescore.web.customers.narrowing import MAX_PAGE, PER_PAGE, Narrowing

TREND_DAYS = 30


@dataclass(frozen=True)
class Beside:
    """What stands beside the rows of customers: lines of scores, open conversations, segments."""

    lines: Mapping[int, list[int | None]] = field(default_factory=dict)
    open: Mapping[int, int] = field(default_factory=dict)
    owners: Mapping[int, str] = field(default_factory=dict)
    segments: Mapping[int, Sequence[SegmentRef]] = field(default_factory=dict)


@dataclass(frozen=True)
class Listing:
    """A page of the list."""

    rows: list[tuple[CustomerRow, dict[str, Any]]]
    total: int
    is_counted: bool
    first: int
    has_next: bool

    @property
    def last(self) -> int:
        """The place of the last row shown."""
        return self.first + len(self.rows) - 1


def read_listing(
    org_id: int, narrowing: Narrowing, layout: Layout, *, owners: Mapping[str, str], now: datetime
) -> Listing:
    """Read the page that the address asks for, with what the layout shows."""
    found = scoring.list_customers(
        org_id,
        filters=narrowing.filters,
        sort=narrowing.sort,
        order=narrowing.order,
        page=narrowing.page,
        per_page=PER_PAGE,
        now=now,
        count_all=False,
    )
    beside = read_beside(org_id, found.customers, layout, now=now)
    more = not found.is_counted or narrowing.offset + PER_PAGE < found.total
    rows = [
        (row, _shown(row, beside, narrowing=narrowing, layout=layout, owners=owners))
        for row in found.customers
    ]
    return Listing(
        rows=rows,
        total=found.total,
        is_counted=found.is_counted,
        first=narrowing.offset + 1,
        has_next=more and len(rows) == PER_PAGE and narrowing.page < MAX_PAGE,
    )


def read_beside(
    org_id: int, rows: Sequence[CustomerRow], layout: Layout, *, now: datetime
) -> Beside:
    """Read what the chosen columns need, one query each."""
    ids = [row.id for row in rows]
    return Beside(
        lines=scoring.score_lines(org_id, ids, days=TREND_DAYS, now=now)
        if layout.shows("trend")
        else {},
        open=customer_facts.open_counts(org_id, ids) if layout.shows("open") else {},
        owners=customer_facts.owners_of(org_id, ids) if layout.shows("owner") else {},
        segments=segments_of_many(org_id, ids) if layout.shows("segments") else {},
    )


def _shown(
    row: CustomerRow,
    beside: Beside,
    *,
    narrowing: Narrowing,
    layout: Layout,
    owners: Mapping[str, str],
) -> dict[str, Any]:
    owner = beside.owners.get(row.id, "")
    attributes = {
        column.key: attribute_text(row.metadata.get(column.attribute))
        for column in layout.columns
        if column.is_attribute
    }
    return {
        "tags": [(tag, narrowing.tagged(tag)) for tag in row.tags[:2]],
        "segments": beside.segments.get(row.id, []),
        "has_email": layout.shows("email"),
        "line": beside.lines.get(row.id, []),
        "open": beside.open.get(row.id, 0),
        "owner": owners.get(owner, owner),
        "owner_id": owner,
        "attributes": attributes,
    }


def attribute_text(value: object) -> str:
    """A custom attribute as text: yes and no for truth values, lists joined."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(attribute_text(one) for one in value)
    return str(value)
