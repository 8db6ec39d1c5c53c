"""The list as a file: the filters, the order and the columns that are shown, every row."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from pulsescore.connectors.intercom.names import names_of
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Invalid
from pulsescore.scoring import queries as scoring
from pulsescore.scoring.queries import CustomerRow, Search
from pulsescore.store import bulk_actions
from pulsescore.store.source_segments import names_by_customer
from pulsescore.web.csv_download import csv_response
from pulsescore.web.customers import preferences
from pulsescore.web.customers.columns import Column, Layout
from pulsescore.web.customers.listing import Beside, attribute_text, read_beside
from pulsescore.web.customers.narrowing import Narrowing
from pulsescore.web.forms import sentence_of
from pulsescore.web.pages import PageRequest, member_page
from pulsescore.web.words import level_in_words, reason_in_words

BATCH = 500
# A file always says who it is about; a line of scores has no place in it.
ALWAYS = (Column("name", "Customer"), Column("email", "E-mail"))
_LEVEL = Column("level", "Level")
_SEGMENTS = Column("segments", "Intercom segments")
_LEFT_OUT = {"trend", "email"}


@member_page()
def export(request: PageRequest) -> HttpResponseBase:
    """All customers that the address lists."""
    narrowing = Narrowing.read(request.GET)
    try:
        return file_of(request, narrowing)
    except Invalid as error:
        messages.error(request, sentence_of(error))
        return redirect(f"{reverse('customers')}?{narrowing.query}")


def file_of(
    request: PageRequest, narrowing: Narrowing, *, ids: Sequence[int] | None = None
) -> StreamingHttpResponse:
    """A file of the customers that are listed, or of some of them; audited."""
    now, layout = utcnow(), preferences.get_layout(request.actor)
    columns = columns_of(layout)
    search = Search.prepare(request.actor.org_id, filters=narrowing.filters, now=now)
    search.check(narrowing.sort)
    details = {
        "filters": narrowing.filter_query,
        "columns": [column.key for column in columns],
        **({} if ids is None else {"customers": len(ids)}),
    }
    bulk_actions.record_export(request.actor, details=details, now=now)
    rows = _rows(search, narrowing, layout, columns, ids=ids, now=now)
    return csv_response(f"customers-{now:%Y-%m-%d}.csv", [column.title for column in columns], rows)


def columns_of(layout: Layout) -> list[Column]:
    """The columns of a file: who it is about, then what is shown, levels beside scores."""
    found = list(ALWAYS)
    for column in layout.columns:
        if column.key not in _LEFT_OUT:
            found.append(column)
        if column.key == "score":
            found.append(_LEVEL)
        if column.key == "tags":
            found.append(_SEGMENTS)
    return found


def _rows(
    search: Search,
    narrowing: Narrowing,
    layout: Layout,
    columns: Sequence[Column],
    *,
    ids: Sequence[int] | None,
    now: datetime,
) -> Iterator[list[Any]]:
    owners = names_of(search.org_id, "admin")["admin"]
    # The line of scores costs a query and has no place in a file.
    layout = Layout(tuple(key for key in layout.keys if key not in _LEFT_OUT), layout.density)
    for batch in _batches(search, narrowing, ids):
        rows = scoring.get_rows(search.org_id, batch, now=now)
        beside = read_beside(search.org_id, rows, layout, now=now)
        segments = names_by_customer(search.org_id, batch) if _SEGMENTS in columns else {}
        for row in rows:
            told = "; ".join(segments.get(row.id, ()))
            yield [
                told if column is _SEGMENTS else _cell(column, row, beside, owners)
                for column in columns
            ]


def _batches(
    search: Search, narrowing: Narrowing, ids: Sequence[int] | None
) -> Iterator[Sequence[int]]:
    if ids is not None:
        yield from (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
        return
    with search.cursor(narrowing.sort, narrowing.order, size=BATCH) as batches:
        yield from batches


def _cell(column: Column, row: CustomerRow, beside: Beside, owners: Mapping[str, str]) -> object:
    if column.is_attribute:
        return attribute_text(row.metadata.get(column.attribute))
    if column.key == "score" and row.score is None:
        return reason_in_words(row.score_reason)
    if column.key == "owner":
        owner = beside.owners.get(row.id, "")
        return owners.get(owner, owner)
    if column.key == "segments":
        return "; ".join(one.name for one in beside.segments.get(row.id, ()))
    if column.key == "open":
        return beside.open.get(row.id, 0)
    return _CELLS[column.key](row)


def _instant(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%SZ") if at else ""


_CELLS: Mapping[str, Callable[[CustomerRow], object]] = {
    "name": lambda row: row.name,
    "email": lambda row: row.email,
    "score": lambda row: row.score,
    "level": lambda row: level_in_words(row.risk_level),
    "change": lambda row: row.change,
    "company": lambda row: "; ".join(name or "Unnamed" for _id, name in row.companies),
    "last_seen": lambda row: _instant(row.last_seen_at),
    "last_replied": lambda row: _instant(row.last_replied_at),
    "first_seen": lambda row: _instant(row.first_seen_at),
    "created": lambda row: _instant(row.created_at),
    "tags": lambda row: "; ".join(row.tags),
    "role": lambda row: row.contact_role,
}
