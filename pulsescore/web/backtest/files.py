"""Outcomes from a file: upload, choose columns with a preview, import, fetch what was refused."""

from datetime import UTC
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict

from pulsescore.accounts.models import Role
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Conflict, FieldFault, Invalid
from pulsescore.scoring.outcomes import actions, table
from pulsescore.scoring.outcomes.days import STYLES
from pulsescore.scoring.outcomes.models import OutcomeUpload
from pulsescore.scoring.outcomes.queries import get_upload
from pulsescore.web.backtest.outcomes import show
from pulsescore.web.csv_download import csv_response
from pulsescore.web.forms import by_field, whole_number
from pulsescore.web.pages import PageRequest, member_page
from pulsescore.web.words import plural

NO_COLUMN = 10_000


@member_page("POST", role=Role.ADMIN)
def upload(request: PageRequest) -> HttpResponse:
    """Take a file and go on to its columns."""
    file = request.FILES.get("file")
    try:
        if file is None:
            raise Invalid(FieldFault("file", "Choose a CSV file."))  # noqa: TRY301 (as below)
        content = file.read(table.MAX_BYTES + 1)
        kept = actions.upload(
            request.actor, filename=file.name or "", content=content, now=utcnow()
        )
    except Invalid as error:
        return show(request, faults=by_field(error), status=422)
    return redirect("outcome_file", upload_id=kept.pk)


@member_page("GET", "POST", role=Role.ADMIN)
def columns(request: PageRequest, upload_id: int) -> HttpResponse:
    """Choose what the columns mean, see how they are read, and import."""
    kept = get_upload(request.actor.org_id, upload_id)
    if kept.imported_at is not None:
        return render(request, "backtest/imported.html", {"section": "scoring", "kept": kept})
    header, rows = table.read_table(kept.content)
    if request.method != "POST":
        mapping = _asked(request.GET) or table.guess(header, rows, today=_today())
        return _show(request, kept, header, rows, mapping=mapping)
    mapping = _asked(request.POST) or table.Mapping(NO_COLUMN, "", NO_COLUMN, "")
    try:
        if "preview" in request.POST:
            table.check(mapping, header)
            return _show(request, kept, header, rows, mapping=mapping)
        done = actions.import_upload(
            request.actor, upload_id=kept.pk, mapping=mapping, now=utcnow()
        )
    except Invalid as error:
        return _show(request, kept, header, rows, mapping=mapping, faults=by_field(error))
    except Conflict:
        return redirect("outcome_file", upload_id=kept.pk)
    messages.success(request, f"{plural(done.added + done.changed, 'outcome')} imported.")
    return redirect("outcome_file", upload_id=kept.pk)


@member_page(role=Role.ADMIN)
def refused(request: PageRequest, upload_id: int) -> HttpResponseBase:
    """The rows that were refused, with the reason in front of each."""
    kept = get_upload(request.actor.org_id, upload_id)
    header, *rows = kept.refused or [["Why it was refused"]]
    return csv_response("refused-outcomes.csv", header, rows)


def _today() -> Any:
    return utcnow().astimezone(UTC).date()


def _asked(given: MultiValueDict[str, str]) -> table.Mapping | None:
    if "key_column" not in given:
        return None
    return table.Mapping(
        whole_number(str(given.get("key_column", "")), NO_COLUMN, least=0, most=NO_COLUMN),
        str(given.get("key", "")),
        whole_number(str(given.get("day_column", "")), NO_COLUMN, least=0, most=NO_COLUMN),
        str(given.get("style", "")),
    )


def _show(
    request: PageRequest,
    kept: OutcomeUpload,
    header: list[str],
    rows: list[list[str]],
    *,
    mapping: table.Mapping,
    faults: dict[str, str] | None = None,
) -> HttpResponse:
    context = {
        "section": "scoring",
        "kept": kept,
        "mapping": mapping,
        "key_column": str(mapping.key_column),
        "day_column": str(mapping.day_column),
        "columns": [
            (str(place), name or f"Column {place + 1}") for place, name in enumerate(header)
        ],
        "keys": list(table.KEYS.items()),
        "styles": list(STYLES.items()),
        "count": len(rows),
        "preview": _preview(rows, mapping, len(header)),
        "faults": faults or {},
    }
    return render(request, "backtest/columns.html", context, status=422 if faults else 200)


def _preview(rows: list[list[str]], mapping: table.Mapping, width: int) -> list[Any]:
    if max(mapping.key_column, mapping.day_column) >= width:
        return []
    return list(table.preview(rows, mapping, today=_today()))
