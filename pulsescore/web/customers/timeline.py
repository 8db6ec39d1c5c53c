"""The timeline of a customer: filters, days, and the way into the past."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from django.utils.timezone import get_current_timezone, localtime

from pulsescore.store import queries
from pulsescore.store.models import TimelineEvent
from pulsescore.web.customers.shown import Shown
from pulsescore.web.customers.telling import sentence, source_in_words, words_of
from pulsescore.web.forms import whole_number
from pulsescore.web.pages import PageRequest

PER_PAGE = 30


class Entry(NamedTuple):
    """An entry as the page tells it."""

    event: TimelineEvent
    sentence: str
    words: str
    source: str


def read(request: PageRequest, shown: Shown) -> dict[str, Any]:
    """Entries that fit the address, by the reader's days, newest first."""
    org_id, person = request.actor.org_id, shown.person
    kinds = queries.list_event_kinds(org_id, person.pk)
    names, sources = sorted({name for _, name in kinds}), sorted({source for source, _ in kinds})
    name, source = request.GET.get("type", ""), request.GET.get("source", "")
    since, until = _date(request.GET.get("from")), _date(request.GET.get("to"))
    found = queries.list_events(
        org_id,
        person.pk,
        name=name if name in names else None,
        source=source if source in sources else None,
        since=_midnight(since) if since else None,
        until=_midnight(until, days=1) - timedelta(microseconds=1) if until else None,
    )
    older = whole_number(request.GET.get("older", ""), 0, least=0, most=2**63 - 1)
    if older:
        found = queries.older_events(found, older)
    rows = list(found[: PER_PAGE + 1])
    return {
        "entry_days": list(by_day(rows[:PER_PAGE])),
        "next_older": rows[PER_PAGE - 1].pk if len(rows) > PER_PAGE else None,
        "older": older,
        "names": names,
        "sources": [(key, source_in_words(key)) for key in sources],
        "type": name if name in names else "",
        "source": source if source in sources else "",
        "from": since.isoformat() if since else "",
        "to": until.isoformat() if until else "",
        "is_narrowed": bool(name or source or since or until),
        "mark": rows[0].pk if rows else 0,
    }


def by_day(events: Iterable[TimelineEvent]) -> Iterable[tuple[datetime, list[Entry]]]:
    """Entries by day in the reader's zone, each day with the instant of its newest entry."""
    for _on, group in groupby(events, key=lambda one: localtime(one.occurred_at).date()):
        entries = [_entry(event) for event in group]
        yield entries[0].event.occurred_at, entries


def _entry(event: TimelineEvent) -> Entry:
    told = event.properties if isinstance(event.properties, dict) else {}
    return Entry(event, sentence(event.name, told), words_of(told), source_in_words(event.source))


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _midnight(day: date, *, days: int = 0) -> datetime:
    """The beginning of a day in the reader's zone, or of one some days later."""
    try:
        return datetime.combine(day + timedelta(days=days), time(), get_current_timezone())
    except OverflowError:
        return datetime.combine(date.max, time(), get_current_timezone())
