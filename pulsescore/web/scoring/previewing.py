"""What the filled-in configuration would change: levels, scores, and who, storing nothing."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from pulsescore.accounts.models import Role
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Invalid
from pulsescore.scoring import queries
from pulsescore.scoring.config import Config
from pulsescore.web.charts import before_after, shares
from pulsescore.web.forms import by_field, sentence_of, texts, whole_number
from pulsescore.web.pages import PageRequest, member_page
from pulsescore.web.paging import Paging
from pulsescore.web.scoring.fields import as_config, field_names

PER_PAGE, SOME = 50, 8
NONE = "none"


class Move(NamedTuple):
    """How many go from one level to another, and the page that names them."""

    level_before: str
    level_after: str
    customers: int
    href: str


@member_page("POST", role=Role.ADMIN)
def preview(request: PageRequest) -> HttpResponse:
    """What the filled-in configuration would change; stores nothing.

    Of many customers some are looked at first, and everybody once nothing is moved any more: the
    estimate asks for that itself.
    """
    given = texts(request, *field_names())
    is_quick = "everybody" not in request.POST
    try:
        context = show_preview(request, given, as_config(given), is_quick=is_quick)
    except Invalid as error:
        context = {"preview_fault": next(iter(by_field(error).values()))}
    return render(request, "scoring/preview.html", context)


@member_page(role=Role.ADMIN)
def changes(request: PageRequest) -> HttpResponse:
    """Everybody who would change level with the configuration of this address, page by page."""
    given = {name: request.GET.get(name, "") for name in field_names()}
    context: dict[str, Any] = {
        "section": "scoring",
        "back": f"{reverse('settings_scoring')}?{urlencode(given)}",
    }
    try:
        found = queries.preview(request.actor.org_id, as_config(given), utcnow())
    except Invalid as error:
        context["fault"] = sentence_of(error)
        return render(request, "scoring/changes.html", context, status=422)
    wanted = request.GET.get("before", ""), request.GET.get("after", "")
    chosen = sorted(
        (one for one in found.changed if _fits(one, *wanted)),
        key=lambda one: (-abs(one.points), one.customer_id),
    )
    number = whole_number(request.GET.get("page", ""), 1)
    pages = Paging(page=1, per_page=PER_PAGE, total=len(chosen)).pages
    page = Paging(page=min(number, pages), per_page=PER_PAGE, total=len(chosen))
    start = (page.page - 1) * PER_PAGE
    context |= {
        "page": page,
        "before": wanted[0],
        "after": wanted[1],
        "moves": _moves(given, found.ways),
        "everybody": _door(given),
        "total": found.change_level,
        "lines": _named(request, chosen[start : start + PER_PAGE]),
    }
    return render(request, "scoring/changes.html", context)


def show_preview(
    request: PageRequest, given: Mapping[str, str], config: Config, *, is_quick: bool = False
) -> dict[str, Any]:
    """The context of the preview of a configuration, which `given` would fill in again."""
    look = queries.quick_preview if is_quick else queries.preview
    found = look(request.actor.org_id, config, utcnow(), named=SOME)
    return {
        "preview": found,
        "before": shares(found.before),
        "after": shares(found.after),
        "levels": [(level, found.before[level], found.after[level]) for level in found.before],
        "spread": before_after(found.bins, yellow=config.yellow, green=config.green),
        "moves": _moves(given, found.ways),
        "everybody": _door(given),
        "movers": _named(request, found.movers or found.changed),
    }


def _named(
    request: PageRequest, changes: list[queries.PreviewChange]
) -> list[tuple[queries.CustomerRow, queries.PreviewChange]]:
    rows = queries.get_rows(request.actor.org_id, [one.customer_id for one in changes])
    names = {row.id: row for row in rows}
    return [(names[one.customer_id], one) for one in changes if one.customer_id in names]


def _moves(given: Mapping[str, str], ways: Mapping[tuple[str, str], int]) -> list[Move]:
    """The ways from level to level, the most trodden first."""
    return [
        Move(before, after, count, _door(given, before=before, after=after))
        for (before, after), count in sorted(ways.items(), key=lambda way: -way[1])
    ]


def _door(given: Mapping[str, str], **narrowed: str) -> str:
    settings = {name: given.get(name, "") for name in field_names()}
    return f"{reverse('scoring_changes')}?{urlencode({**settings, **narrowed})}"


def _fits(change: queries.PreviewChange, before: str, after: str) -> bool:
    return before in {"", change.level_before or NONE} and after in {
        "",
        change.level_after or NONE,
    }
