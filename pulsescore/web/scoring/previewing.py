"""What the filled-in configuration would change: levels and scores, storing nothing."""

from collections.abc import Mapping, Sequence
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
from pulsescore.web.forms import by_field, texts
from pulsescore.web.pages import PageRequest, member_page
from pulsescore.web.scoring.faults import summary
from pulsescore.web.scoring.fields import as_config, field_names

SOME = 8


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
        context = {"preview_faults": summary(by_field(error))}
    return render(request, "scoring/preview.html", context)


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
        "moves": moves(given, found.ways),
        "everybody": door(given),
        "movers": named(request, found.movers or found.changed),
    }


def named(
    request: PageRequest, changes: Sequence[queries.PreviewChange]
) -> list[tuple[queries.CustomerRow, queries.PreviewChange]]:
    """Each change with its customer."""
    rows = queries.get_rows(request.actor.org_id, [one.customer_id for one in changes])
    names = {row.id: row for row in rows}
    return [(names[one.customer_id], one) for one in changes if one.customer_id in names]


def moves(given: Mapping[str, str], ways: Mapping[tuple[str, str], int]) -> list[Move]:
    """The ways from level to level, the most trodden first."""
    return [
        Move(before, after, count, door(given, before=before, after=after))
        for (before, after), count in sorted(ways.items(), key=lambda way: -way[1])
    ]


def door(given: Mapping[str, str], name: str = "scoring_changes", **narrowed: str) -> str:
    """The address of a page about what these settings would change."""
    settings = {field: given.get(field, "") for field in field_names()}
    return f"{reverse(name)}?{urlencode({**settings, **narrowed})}"
