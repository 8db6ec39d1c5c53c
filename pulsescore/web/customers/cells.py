"""The cells of the customer list as markup, one function to a column.

Written here and not in a template: a page has hundreds of cells, and a template that asks at each
of them which column it is took longer than everything else on the way to the page.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from pulsescore.scoring.queries import CustomerRow
from pulsescore.web import words
from pulsescore.web.customers.columns import Column
from pulsescore.web.templatetags.charts import score_line
from pulsescore.web.templatetags.pulse import (
    change_words,
    icon,
    moment,
    no_score,
    number,
    risk_icon,
)

MOST_SHOWN: Final = 2
NOTHING: Final = SafeString("")
More = Mapping[str, Any]


@dataclass(frozen=True)
class Page:
    """What all rows of a page share: where the lists are, and the instant that it is drawn."""

    customers: str
    companies: str
    now: datetime


Cell = Callable[[CustomerRow, More, Page], SafeString]


def cell(column: Column, row: CustomerRow, more: More, page: Page) -> SafeString:
    """What a column shows of a customer."""
    draw = CELLS.get(column.key)
    return draw(row, more, page) if draw else _text(column.title, more["attributes"][column.key])


def _score(row: CustomerRow, _more: More, _page: Page) -> SafeString:
    if row.score is None:
        shown = no_score(row.score_reason, in_words=True)
    else:
        shown = format_html(
            '<span class="score score-{}"{}>{}{}{}<span class="visually-hidden">, {}{}</span>'
            "</span>",
            row.risk_level,
            _set_by_hand(row),
            risk_icon(row.risk_level),
            row.score,
            icon("pencil-line", 13) if row.is_overridden else NOTHING,
            words.level_in_words(row.risk_level),
            ", set by hand" if row.is_overridden else "",
        )
    return format_html('<td data-label="Score" class="cell-corner">{}</td>', shown)


def _set_by_hand(row: CustomerRow) -> SafeString:
    if not row.is_overridden:
        return NOTHING
    computed = row.computed_score
    factors = "" if computed is None else f"; the factors come to {computed}"
    return format_html(' title="Set by hand{}"', factors)


def _change(row: CustomerRow, _more: More, _page: Page) -> SafeString:
    shown = change_words(row.change) if row.change else "–"
    return format_html('<td data-label="7 days"><span class="change">{}</span></td>', shown)


def _trend(_row: CustomerRow, more: More, _page: Page) -> SafeString:
    line = score_line(more["line"], "Score over 30 days:")
    return format_html('<td data-label="30 days" class="cell-line">{}</td>', line)


def _company(row: CustomerRow, _more: More, page: Page) -> SafeString:
    if not row.companies:
        return format_html('<td data-label="Company"></td>')
    (company_id, name), others = row.companies[0], len(row.companies) - 1
    return format_html(
        '<td data-label="Company"><span class="cell-cut"><a href="{}/{}" title="{name}">{name}</a>'
        "{}</span></td>",
        page.companies,
        company_id,
        _and_more(others),
        name=name or "Unnamed",
    )


def _open(row: CustomerRow, more: More, page: Page) -> SafeString:
    if not more["open"]:
        return SafeString('<td data-label="Open"><span class="faint">0</span></td>')
    return format_html(
        '<td data-label="Open"><a href="{}/{}?tab=conversations&amp;show=open#tabs">{}</a></td>',
        page.customers,
        row.id,
        number(more["open"]),
    )


def _tags(row: CustomerRow, more: More, page: Page) -> SafeString:
    return _badges("Tags", more["tags"], len(row.tags), page)


def _segments(_row: CustomerRow, more: More, page: Page) -> SafeString:
    named = [(one.name, f"segment={one.id}") for one in more["segments"][:MOST_SHOWN]]
    return _badges("Segments", named, len(more["segments"]), page)


def _badges(label: str, named: Sequence[tuple[str, str]], count: int, page: Page) -> SafeString:
    """The first few as doors to those who share them, and how many more there are."""
    if not named:
        return format_html('<td data-label="{}" class="cell-tags"></td>', label)
    shown = format_html_join(
        "",
        '<a class="badge badge-outline" href="{}?{}" title="{}"><span class="truncate">{}</span>'
        "</a>",
        ((page.customers, query, name, name) for name, query in named),
    )
    return format_html(
        '<td data-label="{}" class="cell-tags"><span class="row row-tight">{}{}</span></td>',
        label,
        shown,
        _and_more(count - len(named)),
    )


def _and_more(others: int) -> SafeString:
    return format_html(' <span class="faint">+{}</span>', others) if others > 0 else NOTHING


def _text(label: str, text: str | None) -> SafeString:
    return format_html(
        '<td data-label="{}"><span class="cell-cut">{}</span></td>', label, text or ""
    )


def _at(label: str, field: str) -> Cell:
    """The cell of an instant of the row."""

    def drawn(row: CustomerRow, _more: More, page: Page) -> SafeString:
        at = moment(getattr(row, field), page.now)
        return format_html('<td data-label="{}" class="muted nowrap">{}</td>', label, at)

    return drawn


CELLS: Final[dict[str, Cell]] = {
    "score": _score,
    "change": _change,
    "trend": _trend,
    "company": _company,
    "owner": lambda _row, more, _page: _text("Owner", more["owner"]),
    "last_seen": _at("Last seen", "last_seen_at"),
    "last_replied": _at("Last replied", "last_replied_at"),
    "first_seen": _at("First seen", "first_seen_at"),
    "created": _at("Added", "created_at"),
    "open": _open,
    "tags": _tags,
    "segments": _segments,
    "email": lambda row, _more, _page: _text("E-mail", row.email),
    "role": lambda row, _more, _page: format_html(
        '<td data-label="Role">{}</td>', row.contact_role
    ),
}
