"""Settings → Scoring, versions: what each changed, any two compared, an old one restored."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from pulsescore.accounts.models import Role
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Invalid
from pulsescore.pipeline import run
from pulsescore.scoring import queries
from pulsescore.scoring.config_words import differences, exception_words, half_words, plain
from pulsescore.scoring.models import ConfigVersion
from pulsescore.scoring.versions import to_config
from pulsescore.scoring.wording import NAMES
from pulsescore.web.forms import sentence_of, whole_number
from pulsescore.web.pages import PageRequest, member_page
from pulsescore.web.paging import Paging

SHOWN, PER_PAGE = 6, 25


class Line(NamedTuple):
    """A version in a list, with what it set differently from the one before."""

    row: ConfigVersion
    words: list[str]


def newest_lines(org_id: int) -> dict[str, Any]:
    """The newest versions, for the page of the form."""
    rows = queries.list_versions(org_id)
    return {"version_lines": _lines(rows, 0, SHOWN), "versions_total": len(rows)}


@member_page()
def versions(request: PageRequest) -> HttpResponse:
    """Every version, newest first."""
    rows = queries.list_versions(request.actor.org_id)
    pages = Paging(page=1, per_page=PER_PAGE, total=len(rows)).pages
    number = whole_number(request.GET.get("page", ""), 1, most=pages)
    start = (number - 1) * PER_PAGE
    context = {
        "section": "scoring",
        "version_lines": _lines(rows, start, start + PER_PAGE),
        "in_force": rows[0].version,
        "page": Paging(page=number, per_page=PER_PAGE, total=len(rows)),
    }
    return render(request, "scoring/versions.html", context)


@member_page()
def version(request: PageRequest, number: int) -> HttpResponse:
    """One version: its settings, and what differs from another (`with`; the one before)."""
    return _show(request, number)


@member_page("POST", role=Role.ADMIN)
def restore(request: PageRequest, number: int) -> HttpResponse:
    """Make an old version the newest; everybody is rescored with it."""
    comment = request.POST.get("comment", "").strip()
    try:
        made = run.restore_scoring_version(
            request.actor, version=number, comment=comment, now=utcnow()
        )
    except Invalid as error:
        return _show(request, number, comment=comment, fault=sentence_of(error), status=422)
    messages.success(
        request,
        f"Version {made.version} holds what version {number} did; everybody is being rescored.",
    )
    return redirect("settings_scoring")


def _show(request: PageRequest, number: int, *, status: int = 200, **extra: Any) -> HttpResponse:
    org_id = request.actor.org_id
    rows = queries.list_versions(org_id)
    row = queries.get_version(org_id, number)
    other = _other(request, rows, number)
    context = {
        "section": "scoring",
        "version": row,
        "in_force": rows[0].version,
        "may_edit": request.actor.allows(Role.ADMIN),
        "other": other,
        "choices": [(str(one.version), _choice(one)) for one in rows if one.version != number],
        "compared": str(other.version) if other else "",
        "words": _differences(other, row) if other else [],
        "weights": [(NAMES[key], plain(100 * weight)) for key, weight in row.weights.items()],
        "halves": {NAMES[key]: half_words(key, half) for key, half in row.halves.items()},
        "exceptions": [
            exception_words(key, cap)
            for key, cap in to_config(row).as_json().get("exceptions", {}).items()
            if cap
        ],
        **extra,
    }
    return render(request, "scoring/version.html", context, status=status)


def _other(
    request: PageRequest, rows: Sequence[ConfigVersion], number: int
) -> ConfigVersion | None:
    """The version to compare with: the chosen one, else the one before, else the one in force."""
    by_number = {one.version: one for one in rows if one.version != number}
    chosen = whole_number(request.GET.get("with", ""), 0)
    return by_number.get(chosen) or by_number.get(number - 1) or by_number.get(rows[0].version)


def _lines(rows: Sequence[ConfigVersion], start: int, end: int) -> list[Line]:
    shown = list(rows[start : end + 1])
    lines = [Line(newer, _differences(older, newer)) for newer, older in pairwise(shown)]
    if end >= len(rows):
        lines.append(Line(rows[-1], []))
    return lines


def _differences(older: ConfigVersion, newer: ConfigVersion) -> list[str]:
    return [one.words for one in differences(to_config(older), to_config(newer))]


def _choice(row: ConfigVersion) -> str:
    return f"Version {row.version}" + (f" · {row.comment[:60]}" if row.comment else "")
