"""Settings → Scoring → Outcomes: who left, where that is told, and removing it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from pulsescore.accounts.models import Role
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Conflict, Invalid
from pulsescore.scoring.backtest.plan import MIN_OUTCOMES
from pulsescore.scoring.outcomes import actions, queries
from pulsescore.scoring.outcomes.attribute import list_fields
from pulsescore.scoring.outcomes.models import OutcomeSource
from pulsescore.web.forms import by_field, whole_number
from pulsescore.web.pages import PageRequest, member_page
from pulsescore.web.paging import Paging

PER_PAGE = 50


@member_page()
def outcomes(request: PageRequest) -> HttpResponse:
    """Who left, the latest first, and the ways to tell."""
    return show(request)


@member_page("POST", role=Role.ADMIN)
def attribute(request: PageRequest) -> HttpResponse:
    """Choose the attribute that tells who left, or drop it."""
    if "drop" in request.POST:
        actions.drop_attribute(request.actor, now=utcnow())
        messages.success(request, "The attribute no longer tells who left.")
        return redirect("outcomes")
    field = request.POST.get("field", "")
    try:
        chosen = actions.choose_attribute(request.actor, field=field, now=utcnow())
    except Invalid as error:
        return show(request, faults=by_field(error), field=field, status=422)
    messages.success(request, f"{chosen.found:,} days were found in {chosen.field}.")
    return redirect("outcomes")


@member_page("POST", role=Role.ADMIN)
def remove(request: PageRequest, outcome_id: int) -> HttpResponse:
    """Remove one outcome."""
    try:
        actions.remove_outcome(request.actor, outcome_id=outcome_id, now=utcnow())
    except Conflict as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The outcome is removed.")
    return redirect("outcomes")


def show(
    request: PageRequest,
    *,
    faults: dict[str, str] | None = None,
    field: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page, with what is wrong with a form on it."""
    org_id = request.actor.org_id
    source = request.GET.get("source", "")
    source = source if source in OutcomeSource.values else ""
    found = queries.list_outcomes(org_id, source=source)
    total = found.count()
    pages = Paging(page=1, per_page=PER_PAGE, total=total).pages
    number = whole_number(request.GET.get("page", ""), 1, most=pages)
    start = (number - 1) * PER_PAGE
    may_edit = request.actor.allows(Role.ADMIN)
    chosen = queries.get_attribute(org_id)
    counts = queries.count_by_source(org_id)
    context: dict[str, Any] = {
        "section": "scoring",
        "rows": found[start : start + PER_PAGE],
        "page": Paging(page=number, per_page=PER_PAGE, total=total),
        "source": source,
        "tabs": _tabs(counts),
        "total": sum(counts.values()),
        "least": MIN_OUTCOMES,
        "chosen": chosen,
        "field": field or (chosen.field if chosen else ""),
        "fields": list_fields(org_id) if may_edit else [],
        "faults": faults or {},
        "may_edit": may_edit,
    }
    return render(request, "backtest/outcomes.html", context, status=status)


def _tabs(counts: dict[str, int]) -> list[dict[str, Any]]:
    address = reverse("outcomes")
    everybody = {"key": "", "href": address, "label": "All", "count": sum(counts.values())}
    return [
        everybody,
        *(
            {"key": key, "href": f"{address}?source={key}", "label": label, "count": counts[key]}
            for key, label in OutcomeSource.choices
            if counts[key]
        ),
    ]
