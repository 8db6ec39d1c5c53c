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


@member_page()
def compare(request: PageRequest, customer_id: int) -> HttpResponse:
    """The score at the end of two days, and what it was that moved it."""
    person, now = store.get_customer(request.actor.org_id, customer_id), utcnow()
    today = now.astimezone(get_current_timezone()).date()
    until = _day(request, "until") or today
    since = _day(request, "since") or until - timedelta(days=USUAL_DAYS)
    since, until = sorted((since, until))
    ends = _end_of(since), min(_end_of(until), now)
    org_id = request.actor.org_id
    found = scoring.get_explanation(org_id, customer_id, since=min(ends), until=ends[1])
    context = {
        "customer": person,
        "since": since.isoformat(),
        "until": until.isoformat(),
        "today": today.isoformat(),
        "found": found,
        "by": _by(found),
        "parts": _parts(request, customer_id, found),
    }
    return render(request, "customers/compare.html", context)


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
