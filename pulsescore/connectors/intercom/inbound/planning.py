"""Windows by count: a few cheap questions tell how a time range must be cut to be read evenly."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from math import ceil

from pulsescore.connectors.intercom.inbound.spans import Span, Split

Count = Callable[[Span], Awaitable[int | None]]

CURSORS = 16
_SMALLEST, _LARGEST = 300, 3000
_WINDOWS_PER_CURSOR = 3
_UNEVEN = 8
_ROUNDS = 3


@dataclass(frozen=True)
class PlannedWindow:
    """A span to be read by one cursor, and how many records are expected there."""

    span: Span
    expected: int


def target_size(total: int) -> int:
    """How many records a window should hold: few enough that cursors end together."""
    return min(max(total // (CURSORS * _WINDOWS_PER_CURSOR), _SMALLEST), _LARGEST)


async def plan(
    span: Span, *, open_ended: list[Span], total: int, count: Count, split: Split
) -> list[PlannedWindow]:
    """Windows that cover `span` and the `open_ended` spans around it, the largest first.

    Empty spans are left out. A span is counted; one too full is cut, evenly where it is about
    as dense as its neighbours, else counted again.
    """
    target = target_size(total)
    pending = [*open_ended, *split(span, CURSORS)]
    planned: list[PlannedWindow] = []
    for _ in range(_ROUNDS):
        counts = await asyncio.gather(*(count(one) for one in pending))
        crowded: list[Span] = []
        for one, expected in zip(pending, counts, strict=True):
            parts = _parts(expected, target)
            if parts > _UNEVEN and len(split(one, 2)) > 1:
                crowded += split(one, min(parts, CURSORS))
            else:
                planned += _evenly(one, expected, parts, split)
        pending = crowded
        if not pending:
            break
    planned += [PlannedWindow(one, target) for one in pending]
    return sorted(planned, key=lambda window: -window.expected)


def _parts(expected: int | None, target: int) -> int:
    return 1 if expected is None else ceil(expected / target)


def _evenly(span: Span, expected: int | None, parts: int, split: Split) -> list[PlannedWindow]:
    if expected == 0:
        return []
    slices = split(span, parts) if parts > 1 else [span]
    return [PlannedWindow(one, ceil((expected or 0) / len(slices))) for one in slices]
