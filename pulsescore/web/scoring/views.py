"""Settings → Scoring: weights, half points, thresholds, preview and versions."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from pulsescore.accounts.models import Role
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Invalid
from pulsescore.pipeline import run
from pulsescore.scoring import queries
from pulsescore.scoring.config import DEFAULTS, Config
from pulsescore.web.charts import shares
from pulsescore.web.forms import by_field, texts
from pulsescore.web.pages import PageRequest, member_page
from pulsescore.web.scoring.fields import as_config, as_values, factor_fields, field_names

VERSIONS_SHOWN = 10
MOVERS_SHOWN = 8


@member_page("GET", "POST")
def scoring(request: PageRequest) -> HttpResponse:
    """Show the configuration; admins save a new version."""
    config, _version = queries.get_config(request.actor.org_id)
    if request.method != "POST":
        wish = DEFAULTS if "defaults" in request.GET else config
        return _show(request, values=as_values(wish))
    request.actor.require(Role.ADMIN)
    given = texts(request, *field_names(), "comment")
    try:
        wanted = as_config(given)
        if "preview" in request.POST:
            return _show(request, values=given, **_preview(request, wanted))
        version = run.save_scoring_config(
            request.actor, config=wanted, comment=given["comment"], now=utcnow()
        )
    except Invalid as error:
        return _show(request, values=given, faults=by_field(error), status=422)
    messages.success(request, f"Version {version.version} is saved; everybody is being rescored.")
    return redirect("settings_scoring")


@member_page("POST", role=Role.ADMIN)
def preview(request: PageRequest) -> HttpResponse:
    """What the filled-in configuration would change; stores nothing."""
    given = texts(request, *field_names())
    try:
        context = _preview(request, as_config(given))
    except Invalid as error:
        context = {"preview_fault": next(iter(by_field(error).values()))}
    return render(request, "scoring/preview.html", context)


@member_page()
def rescoring(request: PageRequest) -> HttpResponse:
    """How far the rescoring of everybody has come."""
    return render(request, "scoring/rescoring.html", _rescoring(request))


def _show(
    request: PageRequest,
    *,
    values: dict[str, str],
    faults: dict[str, str] | None = None,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    context = {
        "section": "scoring",
        "values": values,
        "faults": faults or {},
        "factors": factor_fields(values, faults or {}),
        "may_edit": request.actor.allows(Role.ADMIN),
        "versions": queries.list_versions(request.actor.org_id)[:VERSIONS_SHOWN],
        **_rescoring(request),
        **extra,
    }
    return render(request, "scoring/scoring.html", context, status=status)


def _preview(request: PageRequest, config: Config) -> dict[str, Any]:
    org_id = request.actor.org_id
    found = queries.preview(org_id, config, utcnow())
    movers = sorted(found.changed, key=lambda one: -_moved(one))[:MOVERS_SHOWN]
    names = {row.id: row for row in queries.get_rows(org_id, [one.customer_id for one in movers])}
    return {
        "preview": found,
        "before": shares(found.before),
        "after": shares(found.after),
        "levels": [(level, found.before[level], found.after[level]) for level in found.before],
        "movers": [(names[one.customer_id], one) for one in movers if one.customer_id in names],
    }


def _moved(change: queries.PreviewChange) -> int:
    return abs((change.score_after or 0) - (change.score_before or 0))


def _rescoring(request: PageRequest) -> dict[str, Any]:
    latest = queries.latest_run(request.actor.org_id)
    return {"rescore": latest, "rescore_active": latest is not None and not latest.finished_at}
