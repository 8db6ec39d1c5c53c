"""Settings → Scoring → Backtest: start one, watch it, read what it found."""

from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from pulsescore.accounts.models import Role
from pulsescore.core.clock import from_unix, utcnow
from pulsescore.pipeline import run
from pulsescore.scoring import queries as scoring
from pulsescore.scoring.backtest.lifecycle import ACTIVE
from pulsescore.scoring.backtest.plan import MIN_OUTCOMES
from pulsescore.scoring.backtest.queries import get_backtest, list_backtests, people_of
from pulsescore.scoring.backtest.shapes import Horizon, Result, Suggestion, read_result
from pulsescore.scoring.models import Backtest
from pulsescore.scoring.outcomes.queries import count_by_source
from pulsescore.scoring.versions import config_of_version
from pulsescore.store.models import Customer
from pulsescore.web.backtest import wording
from pulsescore.web.charts.rates import Rate, rate_chart
from pulsescore.web.forms import whole_number
from pulsescore.web.pages import PageRequest, member_page

EARLIER_SHOWN = 6
MISSED_SHOWN, MISSED_MOST = 10, 200


class MissedLine(NamedTuple):
    """Somebody who was healthy and left."""

    customer: Customer
    score: int
    left_at: datetime


@member_page("GET", "POST")
def backtest(request: PageRequest, backtest_id: int | None = None) -> HttpResponse:
    """The newest backtest, or a certain one; admins start the next."""
    if request.method == "POST":
        request.actor.require(Role.ADMIN)
        run.request_backtest(request.actor, now=utcnow())
        messages.success(request, "The backtest has started.")
        return redirect("backtest")
    org_id = request.actor.org_id
    rows = list(list_backtests(org_id)[:EARLIER_SHOWN])
    shown = get_backtest(org_id, backtest_id) if backtest_id else next(iter(rows), None)
    context = {
        "section": "scoring",
        "shown": shown,
        "is_active": shown is not None and shown.status in ACTIVE,
        "earlier": [one for one in rows if shown is None or one.pk != shown.pk],
        "outcomes_count": sum(count_by_source(org_id).values()),
        "least": MIN_OUTCOMES,
        "may_edit": request.actor.allows(Role.ADMIN),
        **(_found(request, shown) if shown is not None and shown.result else {}),
    }
    if request.htmx and request.htmx.target == "backtest-progress":
        return _progress(request, context)
    return render(request, "backtest/backtest.html", context)


def _progress(request: PageRequest, context: dict[str, Any]) -> HttpResponse:
    """The part that asks again; once it is over the page is read anew."""
    if context["is_active"]:
        return render(request, "backtest/progress.html", context)
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})


def _found(request: PageRequest, shown: Backtest) -> dict[str, Any]:
    result = read_result(shown.result or {})
    one = _chosen(request, result)
    missed = _missed(request, one)
    return {
        "one": one,
        "tabs": _tabs(shown, result),
        "known_since": datetime.fromtimestamp(result.known_since, UTC),
        "headline": wording.headline(one),
        "pairs_words": wording.pairs(one) if one.auc is not None else "",
        "left_out": wording.left_out(one),
        "churn_words": wording.share_words(one.churn),
        "levels": [
            (share, wording.share_words(share.churn), wording.share_words(share.share))
            for share in one.levels
        ],
        "level_chart": rate_chart(
            [Rate(name, words, churn) for name, words, churn in _level_rates(one)],
            one.churn,
            head=("Level", "Left"),
        ),
        "tenth_chart": rate_chart(wording.tenths(one), one.churn, head=("Scores", "Left")),
        "missed": missed,
        "all_missed": request.GET.get("missed") == "all",
        "missed_more": one.missed_count - len(missed),
        **_suggested(request, shown, result.suggestion),
    }


def _level_rates(one: Horizon) -> list[tuple[str, str, float]]:
    names = {"red": "Critical", "yellow": "At risk", "green": "Healthy"}
    return [
        (names[share.name], f"{share.left} left", share.churn)
        for share in one.levels
        if share.share
    ]


def _chosen(request: PageRequest, result: Result) -> Horizon:
    """The horizon that is asked for, else the first with figures."""
    wanted = whole_number(request.GET.get("days", ""), 0)
    by_days = {one.days: one for one in result.horizons}
    told = [one for one in result.horizons if one.auc is not None]
    return by_days.get(wanted) or next(iter(told), result.horizons[0])


def _tabs(shown: Backtest, result: Result) -> list[dict[str, Any]]:
    address = reverse("backtest_one", args=[shown.pk])
    return [
        {
            "key": str(one.days),
            "href": f"{address}?days={one.days}",
            "label": f"{one.days} days before",
        }
        for one in result.horizons
    ]


def _missed(request: PageRequest, one: Horizon) -> list[MissedLine]:
    most = MISSED_MOST if request.GET.get("missed") == "all" else MISSED_SHOWN
    people = people_of(request.actor.org_id, [line.customer_id for line in one.missed[:most]])
    return [
        MissedLine(people[line.customer_id], line.score, from_unix(line.left_at))
        for line in one.missed[:most]
        if line.customer_id in people
    ]


def _suggested(request: PageRequest, shown: Backtest, found: Suggestion | None) -> dict[str, Any]:
    if found is None:
        return {"suggestion": None}
    org_id = request.actor.org_id
    config = config_of_version(org_id, shown.config_version or 1)
    _present, version = scoring.get_config(org_id)
    return {
        "suggestion": found,
        "suggestion_words": wording.suggestion_words(found),
        "weights": wording.weight_lines(found, config),
        "form_address": f"{reverse('settings_scoring')}?{urlencode(wording.form_values(found))}",
        "is_outdated": version != shown.config_version,
    }
