"""Who would change level with the settings of an address: who moves most, and all as a file."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from pulsescore.accounts.models import Role
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Invalid
from pulsescore.scoring import queries
from pulsescore.store import bulk_actions
from pulsescore.web.csv_download import csv_response
from pulsescore.web.forms import sentence_of
from pulsescore.web.pages import PageRequest, member_page
from pulsescore.web.scoring.fields import as_config, field_names
from pulsescore.web.scoring.previewing import door, moves, named
from pulsescore.web.words import level_in_words

SHOWN, AT_ONCE = 100, 500
HEADER = ("Customer", "E-mail", "Score now", "Level now", "Score then", "Level then", "Points")


@member_page(role=Role.ADMIN)
def changes(request: PageRequest) -> HttpResponse:
    """Those whose score moves most among who would change level; of very many, some are looked at.

    Reading everybody takes a minute for a million customers: that is left to the file.
    """
    given, way = _asked(request)
    context: dict[str, Any] = {
        "section": "scoring",
        "back": f"{reverse('settings_scoring')}?{urlencode(given)}",
    }
    try:
        found = queries.quick_preview(
            request.actor.org_id, as_config(given), utcnow(), named=SHOWN, way=way
        )
    except Invalid as error:
        context["fault"] = sentence_of(error)
        return render(request, "scoring/changes.html", context, status=422)
    before, after = way
    fitting = sum(
        count
        for (was, will), count in found.ways.items()
        if before in {"", was} and after in {"", will}
    )
    context |= {
        "preview": found,
        "before": before,
        "after": after,
        "moves": moves(given, found.ways),
        "everybody": door(given),
        "file": door(given, "scoring_changes_csv", before=before, after=after),
        "total": found.change_level,
        "fitting": fitting,
        "lines": named(request, found.changed),
        "others": fitting - len(found.changed),
    }
    return render(request, "scoring/changes.html", context)


@member_page(role=Role.ADMIN)
def changes_file(request: PageRequest) -> HttpResponseBase:
    """Everybody who would change level, as a file; audited."""
    given, way = _asked(request)
    now = utcnow()
    try:
        batches = queries.changes_in_batches(request.actor.org_id, as_config(given), now, way=way)
    except Invalid:
        return redirect(door(given))
    asked = {name: value for name, value in zip(("before", "after"), way, strict=True) if value}
    bulk_actions.record_export(
        request.actor, details={"filters": urlencode(asked), "of": "level changes"}, now=now
    )
    rows = (row for batch in batches for row in _rows(request, batch))
    return csv_response(f"level-changes-{now:%Y-%m-%d}.csv", HEADER, rows)


def _asked(request: PageRequest) -> tuple[dict[str, str], tuple[str, str]]:
    """The settings to try, and from which level to which."""
    given = {name: request.GET.get(name, "") for name in field_names()}
    return given, (request.GET.get("before", ""), request.GET.get("after", ""))


def _rows(request: PageRequest, batch: list[queries.PreviewChange]) -> Iterator[list[object]]:
    for start in range(0, len(batch), AT_ONCE):
        for customer, change in named(request, batch[start : start + AT_ONCE]):
            yield [
                customer.name,
                customer.email,
                change.score_before,
                level_in_words(change.level_before),
                change.score_after,
                level_in_words(change.level_after),
                change.points,
            ]
