"""Windows by count: a few cheap questions tell how a time range must be cut to be read evenly."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from math import ceil

from pulsescore.connectors.intercom.api.client import PAGE_SIZE
from pulsescore.connectors.intercom.api.errors import RequestRefused
from pulsescore.connectors.intercom.inbound.spans import Span, Split

Count = Callable[[Span], Awaitable[int | None]]

CURSORS = 16
_SLICES = 8
_WINDOWS_PER_CURSOR = 2
_SMALLEST, _LARGEST = 2 * PAGE_SIZE, 20 * PAGE_SIZE
# A span that makes more windows than this is counted in parts before it is cut; sooner where its
# neighbours are much emptier or fuller, for then it is hardly even in itself.
_MANY, _FEW = 6, 2
_UNLIKE = 4.0
# A day with less is quickly read by one cursor.
_FULL_DAY = 8 * PAGE_SIZE
_ROUNDS = 6
# What is taken for even never quite is: a window is sized so that a few more than expected fit.
_SLACK = 1.04
# Parts of a day must add up to the day, but for who was created meanwhile.
_NEWCOMERS = 0.01


@dataclass(frozen=True)
class PlannedWindow:
    """A span to be read by one cursor, and how many records are expected there."""

    span: Span
    expected: int


@dataclass(frozen=True)
class _Counted:
    """A span and how many records are in it; None where the server does not count.

    `is_derived`: from what is left, so that nothing must not be taken for certain. `is_even`: about
    as full as its neighbours. `is_whole`: it turned out that it cannot be cut.
    """

    span: Span
    expected: int | None
    is_derived: bool = False
    is_even: bool = True
    is_whole: bool = False


def target_size(total: int) -> int:
    """How many records a window should hold: whole pages, few enough that cursors end together."""
    pages = ceil(total / (CURSORS * _WINDOWS_PER_CURSOR * PAGE_SIZE))
    return min(max(pages * PAGE_SIZE, _SMALLEST), _LARGEST)


async def plan(
    span: Span, *, open_ended: list[Span], total: int, count: Count, split: Split
) -> list[PlannedWindow]:
    """Windows that cover `span` and the `open_ended` spans around it, the largest first.

    What lies before `span` belongs to its first window, for nothing is expected there. The parts
    of a span are counted but for the last, which holds what is left. One too full is cut: evenly
    where a few windows are enough, else into parts that are counted again. A day too full to be
    read by one cursor is cut by the ends of ids, if the parts add up. Empty spans are left out.
    """
    target = target_size(total)
    parts = [*split(span, _SLICES), *(one for one in open_ended if one.lower is not None)]
    pending = await _count_parts(parts, total, count)
    planned: list[PlannedWindow] = []
    for _ in range(_ROUNDS):
        crowded: list[tuple[_Counted, list[Span]]] = []
        for one in pending:
            finer = _finer(one, target, split)
            if finer:
                crowded.append((one, finer))
            else:
                planned += _evenly(one, target, split)
        cut = await asyncio.gather(*(_cut(one, finer, count) for one, finer in crowded))
        pending = [part for parts in cut for part in parts]
        if not pending:
            break
    for one in pending:
        planned += _evenly(one, target, split)
    planned = _reaching_back(planned, open_ended)
    return sorted(planned, key=lambda window: -window.expected)


def _finer(one: _Counted, target: int, split: Split) -> list[Span]:
    """The parts of a crowded span that are to be counted; none where it can be cut as it is."""
    parts = _windows(one.expected, target)
    if parts == 1 or one.is_whole:
        return []
    finer = split(one.span, min(ceil(parts / _FEW) if one.is_even else parts, _SLICES))
    if finer[0].endings:
        is_too_full = (one.expected or 0) > max(_FEW * target, _FULL_DAY)
        return split(one.span, parts) if is_too_full else []
    is_crowded = parts > (_MANY if one.is_even else _FEW)
    return finer if is_crowded and len(finer) > 1 else []


async def _cut(one: _Counted, finer: list[Span], count: Count) -> list[_Counted]:
    if not finer[0].endings:
        return await _count_parts(finer, one.expected, count)
    whole = [replace(one, is_whole=True)]
    try:
        counts = await asyncio.gather(*(count(part) for part in finer))
    except RequestRefused:
        return whole
    found, expected = sum(known or 0 for known in counts), one.expected or 0
    if None in counts or not expected <= found <= expected * (1 + _NEWCOMERS):
        return whole
    return [_Counted(part, known) for part, known in zip(finer, counts, strict=True)]


async def _count_parts(parts: list[Span], total: int | None, count: Count) -> list[_Counted]:
    """Each part counted, but the last, which holds what is left of the total."""
    *asked, last = parts
    counts = await asyncio.gather(*(count(part) for part in asked))
    known = [one for one in counts if one is not None]
    is_known = total is not None and len(known) == len(counts)
    rest = max((total or 0) - sum(known), 0) if is_known else None
    found = [*counts, rest]
    closed = [one for one, part in zip(found, parts, strict=True) if part.upper is not None]
    return [
        _Counted(
            part,
            found[place],
            is_derived=part is last,
            is_even=_is_even(closed[max(place - 1, 0) : place + 2]),
        )
        for place, part in enumerate(parts)
    ]


def _is_even(neighbours: list[int | None]) -> bool:
    known = [one for one in neighbours if one is not None]
    return not known or max(known) <= _UNLIKE * min(known)


def _windows(expected: int | None, target: int) -> int:
    """How many windows a span makes; of two numbers the one that needs fewer pages."""
    if expected is None or expected <= target:
        return 1
    least = ceil(expected / target)
    return min((least, least + 1), key=lambda parts: _pages(expected, parts))


def _pages(expected: int, parts: int) -> int:
    return parts * ceil(expected * _SLACK / (parts * PAGE_SIZE))


def _evenly(one: _Counted, target: int, split: Split) -> list[PlannedWindow]:
    if one.expected == 0 and not one.is_derived:
        return []
    parts = _windows(one.expected, target)
    slices = split(one.span, parts) if parts > 1 else [one.span]
    if slices[0].endings != one.span.endings:
        slices = [one.span]
    return [PlannedWindow(span, ceil((one.expected or 0) / len(slices))) for span in slices]


def _reaching_back(planned: list[PlannedWindow], open_ended: list[Span]) -> list[PlannedWindow]:
    """The earliest windows begin at the beginning of time, if that is to be covered."""
    before = [one for one in open_ended if one.lower is None]
    if not before:
        return planned
    lowers = [one.span.lower for one in planned if one.span.lower is not None]
    if len(lowers) < len(planned):
        return planned
    if not lowers:
        return [PlannedWindow(one, 0) for one in before]
    return [
        replace(one, span=replace(one.span, lower=None)) if one.span.lower == min(lowers) else one
        for one in planned
    ]
