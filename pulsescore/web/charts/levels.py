"""Risk levels on charts: their order, and where one ends and the next begins. Pure."""

from typing import Final, NamedTuple

# The order in which levels are named and counted: the best first, no score last.
LEVELS: Final = ("green", "yellow", "red", "none")


class Thresholds(NamedTuple):
    """The lowest scores that are still yellow, and still green."""

    yellow: float
    green: float


def level_of(score: float, *, yellow: float, green: float) -> str:
    """The risk level of a score."""
    if score >= green:
        return "green"
    return "yellow" if score >= yellow else "red"
