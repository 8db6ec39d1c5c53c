"""The rows of the customer list: the box to tick, the person, and a cell to each chosen column."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from pulsescore.scoring.queries import CustomerRow
from pulsescore.web import words
from pulsescore.web.customers.cells import NOTHING, More, Page, cell
from pulsescore.web.customers.columns import Column
from pulsescore.web.templatetags.pulse import moment


def table_rows(
    rows: Sequence[tuple[CustomerRow, More]], columns: Sequence[Column], *, now: datetime
) -> SafeString:
    """The rows of the table's body, in order."""
    page = Page(reverse("customers"), reverse("companies"), now)
    return format_html_join(
        "\n", "<tr>{}{}{}</tr>", (_cells(row, more, columns, page) for row, more in rows)
    )


def _cells(
    row: CustomerRow, more: More, columns: Sequence[Column], page: Page
) -> tuple[SafeString, SafeString, SafeString]:
    called = row.name or row.email or "Nameless"
    chosen = SafeString("").join(cell(column, row, more, page) for column in columns)
    return _pick(row, called), _person(row, called, more, page), SafeString(chosen)


def _pick(row: CustomerRow, called: str) -> SafeString:
    return format_html(
        '<td class="cell-pick"><label class="pick"><input type="checkbox" form="bulk" name="ids"'
        ' value="{id}" id="pick-{id}" aria-label="Select {called}" data-pick></label></td>',
        id=row.id,
        called=called,
    )


def _person(row: CustomerRow, called: str, more: More, page: Page) -> SafeString:
    return format_html(
        '<td class="cell-head"><div class="person"><span class="avatar" aria-hidden="true">'
        '{initials}</span><div><a class="cell-main truncate" id="customer-{id}"'
        ' href="{here}/{id}" title="{called}" data-row-link><bdi>{called}</bdi></a>'
        '<div class="cell-sub truncate">{beneath}</div></div></div></td>',
        initials=words.initials(called),
        id=row.id,
        here=page.customers,
        called=called,
        beneath=_beneath(row, more, page),
    )


def _beneath(row: CustomerRow, more: More, page: Page) -> SafeString:
    """The address, where it is not told elsewhere in the row, and what is special about them."""
    told = []
    if row.name and row.email and not more["has_email"]:
        told.append(row.email)
    if row.contact_role == "lead":
        told.append("lead")
    if row.deleted_at:
        told.append(format_html("deleted {}", moment(row.deleted_at, page.now)))
    return format_html_join(" · ", "{}", ((one,) for one in told)) if told else NOTHING
