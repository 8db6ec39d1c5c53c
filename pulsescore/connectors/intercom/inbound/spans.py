"""Slices of time, how they are cut, and the searches that read them. Pure.

Contacts are sliced by `created_at`, which never changes while we read. Intercom cuts dates in a
contact search to calendar days of the workspace: slices therefore begin and end at its midnights,
and the search names noons, which mean the right days there and a little more where dates are
exact; the caller drops what lies outside. A single day can be sliced by the last character of the
contacts' ids. Conversations are sliced by `updated_at`, to the second.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from math import ceil
from typing import Any

Query = dict[str, Any]
_DAY = timedelta(days=1)
_NOON = time(12)
# When clocks go back, a day has 25 hours.
_LONGEST_DAY = timedelta(hours=25)
_DIGITS = "0123456789abcdef"
_DIVISORS = (1, 2, 4, 8, 16)


@dataclass(frozen=True)
class Span:
    """From `lower` (included) to `upper` (excluded); None is open.

    `endings`: only things whose ids end in one of these characters.
    """

    lower: datetime | None = None
    upper: datetime | None = None
    endings: str = ""

    def holds(self, at: datetime | None) -> bool:
        """Whether an instant lies inside; an unknown one does, so that nothing is lost."""
        if at is None:
            return True
        return (self.lower is None or self.lower <= at) and (self.upper is None or at < self.upper)


Split = Callable[[Span, int], list[Span]]


def split_by_day(zone: tzinfo) -> Split:
    """Cuts a closed span at midnights of the workspace, into at most that many parts.

    What cannot be cut there, a day or what has no end, is cut by the last characters of ids.
    """

    def split(span: Span, parts: int) -> list[Span]:
        if span.lower is None:
            return [span]
        if span.upper is None or span.upper - span.lower <= _LONGEST_DAY:
            return _by_ending(span, parts)
        first, last = _day_of(span.lower, zone), _day_of(span.upper, zone)
        days = (last - first).days
        cuts = {first + _DAY * round(index * days / parts) for index in range(1, parts)}
        inner = [_midnight(day, zone) for day in sorted(cuts - {first, last})]
        return _between([span.lower, *inner, span.upper])

    return split


def split_by_second(span: Span, parts: int) -> list[Span]:
    """Cuts a closed span into that many parts of whole seconds."""
    if span.lower is None or span.upper is None:
        return [span]
    secs = int((span.upper - span.lower).total_seconds())
    cuts = {secs * index // parts for index in range(1, parts)} - {0, secs}
    inner = [span.lower + timedelta(seconds=cut) for cut in sorted(cuts)]
    return _between([span.lower, *inner, span.upper])


def _by_ending(span: Span, parts: int) -> list[Span]:
    """Ids end in a hexadecimal digit, each as often as another: 1, 2, 4, 8 or 16 parts."""
    even = max(size for size in _DIVISORS if size <= max(parts, 1))
    if span.endings or even == 1:
        return [span]
    each = len(_DIGITS) // even
    groups = (_DIGITS[start : start + each] for start in range(0, len(_DIGITS), each))
    return [replace(span, endings=group) for group in groups]


def contacts_created(span: Span, zone: tzinfo, *, role: str | None = None) -> Query:
    """The search for contacts created within the span, and perhaps some around it.

    Of one `role` ("user", "lead") only, if given.
    """
    filters = [] if role is None else [_filter("role", "=", role)]
    if span.lower is not None:
        before = _day_of(span.lower, zone) - _DAY
        filters.append(_filter("created_at", ">", _noon(before, zone)))
    if span.upper is not None:
        filters.append(_filter("created_at", "<", _noon(_day_of(span.upper, zone), zone)))
    if span.endings:
        filters.append(_any([_filter("id", "$", one) for one in span.endings]))
    return _all(filters or [_filter("created_at", ">", 0)])


def contacts_updated(since: datetime, zone: tzinfo) -> Query:
    """The search for contacts updated since then, and up to two days before."""
    before = _day_of(since, zone) - 2 * _DAY
    return _filter("updated_at", ">", _noon(before, zone))


def contacts_seen(since: datetime, zone: tzinfo) -> Query:
    """The search for contacts seen since then, and up to two days before."""
    before = _day_of(since, zone) - 2 * _DAY
    return _filter("last_seen_at", ">", _noon(before, zone))


def conversations_updated(span: Span) -> Query:
    """The search for conversations updated within the span.

    The bounds may be wide of it, because `>` and `<` are described both as exclusive and as
    inclusive, and because a span may begin and end within a second, in which things were updated
    that lie before its end; the caller drops what lies outside.
    """
    filters = []
    if span.lower is not None:
        filters.append(_filter("updated_at", ">", int(span.lower.timestamp()) - 1))
    if span.upper is not None:
        filters.append(_filter("updated_at", "<", ceil(span.upper.timestamp())))
    return _all(filters or [_filter("updated_at", ">", 0)])


def midnight_before(at: datetime, zone: tzinfo) -> datetime:
    """The beginning of the workspace's day in which the instant lies."""
    return _midnight(_day_of(at, zone), zone)


def _all(filters: list[Query]) -> Query:
    return filters[0] if len(filters) == 1 else {"operator": "AND", "value": filters}


def _any(filters: list[Query]) -> Query:
    return filters[0] if len(filters) == 1 else {"operator": "OR", "value": filters}


def _filter(field: str, operator: str, value: int | str) -> Query:
    return {"field": field, "operator": operator, "value": value}


def _between(cuts: list[datetime]) -> list[Span]:
    return [Span(lower, upper) for lower, upper in pairwise(cuts)]


def _day_of(at: datetime, zone: tzinfo) -> date:
    return at.astimezone(zone).date()


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def _noon(day: date, zone: tzinfo) -> int:
    return int(datetime.combine(day, _NOON, tzinfo=zone).timestamp())
