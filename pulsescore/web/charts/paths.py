"""Outlines as SVG path data: lines with gaps, areas between two edges. Pure."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TypeVar

Place = tuple[float, float]
T = TypeVar("T")


def line_path(places: Sequence[Place]) -> str:
    """A line through the places: "M0 10L5 12"."""
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in places) if places else ""


def area_path(upper: Sequence[Place], lower: Sequence[Place]) -> str:
    """The closed area between two edges that run the same way."""
    if not upper:
        return ""
    back = "L".join(f"{x:g} {y:g}" for x, y in reversed(lower))
    return f"{line_path(upper)}L{back}Z"


def unbroken(items: Iterable[T | None]) -> list[list[T]]:
    """The stretches between gaps: `[1, 2, None, 3]` is `[[1, 2], [3]]`."""
    grouped = groupby(items, key=lambda one: one is not None)
    return [[one for one in group if one is not None] for known, group in grouped if known]
