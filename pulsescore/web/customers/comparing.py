"""What changed between any two dates: the parts of the score, and the conversations behind."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import get_current_timezone

from pulsescore.connectors.intercom.desk import link_of, workspaces_of
from pulsescore.core.clock import utcnow
from pulsescore.scoring import queries as scoring
from pulsescore.scoring.moved import FactorChange
from pulsescore.store import queries as store
from pulsescore.store.models import Conversation
from pulsescore.web.customers.points import adding_up
from pulsescore.web.pages import PageRequest, member_page

USUAL_DAYS = 7
SHOWN = 6
MAX_TOLD = 20


class Cause(NamedTuple):
    """A conversation that can have moved the score, and where Intercom shows it."""

    talk: Conversation
    link: str | None


class Part(NamedTuple):
    """What one part of the score moved, in points to one decimal, and what can have caused it."""

    change: FactorChange
    points: float
    causes: list[Cause]
    has_more: bool


class Days(NamedTuple):
    """The days to compare, the earlier first, and what of the wish could not be met."""

    since: date
    until: date
    remarks: list[str]


@member_page()
def compare(request: PageRequest, customer_id: int) -> HttpResponse:
    """The score at the end of two days, and what it was that moved it."""
    person, now = store.get_customer(request.actor.org_id, customer_id), utcnow()
    today = now.astimezone(get_current_timezone()).date()
    days = _days(request, today)
    start, end = _end_of(days.since), min(_end_of(days.until), now)
    org_id = request.actor.org_id
    found = scoring.get_explanation(org_id, customer_id, since=min(start, end), until=end)
    context = {
        "customer": person,
        "since": days.since.isoformat(),
        "until": days.until.isoformat(),
        "today": today.isoformat(),
        "found": found,
        "remarks": days.remarks,
        "begins_at": found.since if found.since and found.since > start else None,
        "by": _by(found),
        "parts": _parts(request, customer_id, found),
    }
    return render(request, "customers/compare.html", context)


def _days(request: PageRequest, today: date) -> Days:
    """The days of the address, or the last week; none is later than today."""
    asked = {name: _day(request, name) for name in ("since", "until")}
    remarks = [
        f"“{request.GET[name][:MAX_TOLD]}” is not a day that can be compared."
        for name, day in asked.items()
        if day is None and request.GET.get(name)
    ]
    if any(day and day > today for day in asked.values()):
        remarks.append("Days to come have no score yet: today stands for them.")
    until = min(asked["until"] or today, today)
    since = min(asked["since"] or until - timedelta(days=USUAL_DAYS), today)
    if since > until:
        remarks.append("The days were exchanged, so that the earlier comes first.")
    return Days(min(since, until), max(since, until), remarks)


def _by(found: scoring.Explanation) -> int | None:
    if found.score_then is None or found.health.score is None:
        return None
    return found.health.score - found.score_then


def _parts(request: PageRequest, customer_id: int, found: scoring.Explanation) -> list[Part]:
    since, until, by = found.since, found.health.calculated_at, _by(found)
    if since is None or until is None or by is None:
        return []
    shown = adding_up([one.points for one in found.changes], total=by)
    return [
        _part(request, customer_id, change, points, since=since, until=until)
        for change, points in zip(found.changes, shown, strict=True)
    ]


def _part(
    request: PageRequest,
    customer_id: int,
    change: FactorChange,
    points: float,
    *,
    since: datetime,
    until: datetime,
) -> Part:
    org_id = request.actor.org_id
    talks = scoring.conversations_between(
        org_id, customer_id, change.key, since=since, until=until
    )[: SHOWN + 1]
    shown = list(talks)
    workspaces = workspaces_of(org_id, {one.source_id for one in shown}) if shown else {}
    causes = [Cause(one, link_of(one, workspaces.get(one.source_id))) for one in shown[:SHOWN]]
    return Part(change, points, causes, has_more=len(shown) > SHOWN)


def _day(request: PageRequest, name: str) -> date | None:
    try:
        day = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None
    # The ends of the calendar have no day before or after them.
    return day if date.min.year < day.year < date.max.year else None


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), get_current_timezone()) - timedelta(
        microseconds=1
    )
