"""Settings → Scoring: weights, half points, thresholds, preview and progress."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from pulsescore.accounts.models import Role
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Invalid
from pulsescore.pipeline import run
from pulsescore.scoring import queries
from pulsescore.scoring.config import DEFAULTS
from pulsescore.scoring.versions import to_config
from pulsescore.web.forms import by_field, texts, whole_number
from pulsescore.web.pages import PageRequest, member_page
from pulsescore.web.scoring.exception_fields import exception_fields
from pulsescore.web.scoring.faults import summary
from pulsescore.web.scoring.fields import (
    as_config,
    as_values,
    band,
    factor_fields,
    field_names,
    weights_total,
)
from pulsescore.web.scoring.previewing import show_preview
from pulsescore.web.scoring.versions import newest_lines

OVERRIDDEN_SHOWN = 8


@member_page("GET", "POST")
def scoring(request: PageRequest) -> HttpResponse:
    """Show the configuration; admins save a new version."""
    if request.method != "POST":
        return _show(request, values=_wished(request))
    request.actor.require(Role.ADMIN)
    given = texts(request, *field_names(), "comment")
    try:
        wanted = as_config(given)
        if "preview" in request.POST:
            return _show(request, values=given, **show_preview(request, given, wanted))
        version = run.save_scoring_config(
            request.actor, config=wanted, comment=given["comment"], now=utcnow()
        )
    except Invalid as error:
        return _show(request, values=given, faults=by_field(error), status=422)
    messages.success(request, f"Version {version.version} is saved; everybody is being rescored.")
    return redirect("settings_scoring")


@member_page()
def rescoring(request: PageRequest) -> HttpResponse:
    """How far the rescoring of everybody has come."""
    return render(request, "scoring/rescoring.html", _rescoring(request))


def _wished(request: PageRequest) -> dict[str, str]:
    """What the form begins with: the address's values, an old version's, the defaults, or ours."""
    if "defaults" in request.GET:
        return as_values(DEFAULTS)
    number = whole_number(request.GET.get("version", ""), 0)
    if number:
        row = queries.get_version(request.actor.org_id, number)
        return {**as_values(to_config(row)), "comment": f"As in version {number}"}
    held = as_values(queries.get_config(request.actor.org_id)[0])
    return {name: request.GET.get(name, value) for name, value in {**held, "comment": ""}.items()}


def _show(
    request: PageRequest,
    *,
    values: dict[str, str],
    faults: dict[str, str] | None = None,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    config, _version = queries.get_config(request.actor.org_id)
    context = {
        "section": "scoring",
        "values": values,
        "faults": faults or {},
        "told": summary(faults or {}),
        "weights_total": weights_total(values),
        "factors": factor_fields(values, faults or {}),
        "band": band(values, config),
        "exceptions": exception_fields(values, faults or {}),
        "may_edit": request.actor.allows(Role.ADMIN),
        "overridden": queries.list_overridden(request.actor.org_id, limit=OVERRIDDEN_SHOWN),
        **newest_lines(request.actor.org_id),
        **_rescoring(request),
        **extra,
    }
    return render(request, "scoring/scoring.html", context, status=status)


def _rescoring(request: PageRequest) -> dict[str, Any]:
    org_id = request.actor.org_id
    latest = queries.latest_run(org_id)
    _config, version = queries.get_config(org_id)
    scored_with = latest.config_version if latest else 1
    return {
        "rescore": latest,
        "rescore_active": latest is not None and not latest.finished_at,
        "rescore_waits": version if version > scored_with else 0,
    }
