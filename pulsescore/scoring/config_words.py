"""Pure: settings of the score in words, and what differs between two configurations."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from pulsescore.scoring.config import Config
from pulsescore.scoring.wording import LEVEL_NAMES, NAMES

# How a half point is asked for: "half the points at 2 open tickets".
HALVES: Final = {
    "support_recency": ("after", "day away", "days away"),
    "open_tickets": ("at", "open ticket", "open tickets"),
    "resolution_time": ("at", "hour to resolve", "hours to resolve"),
    "reopen_rate": ("at", "reopening", "reopenings"),
    "response_rate": ("after", "hour of silence", "hours of silence"),
}


# How an exception is told: what it waits for, and the setting in which that stands.
EXCEPTIONS: Final = {
    "not_seen": ("days", "Not seen for {} days"),
    "many_open": ("open", "{} or more open"),
}


class Difference(NamedTuple):
    """One setting that is not the same; `field` is its path in the API.

    `before` and `after` are as the API tells them: a number, or an exception, `None` while off.
    """

    field: str
    before: Any
    after: Any
    words: str


def differences(before: Config, after: Config) -> list[Difference]:
    """What is set differently, in the order of the configuration's own fields."""
    old, new = _fields(before), _fields(after)
    return [
        Difference(field, old[field], new[field], _words(field, old[field], new[field]))
        for field in new
        if old[field] != new[field]
    ]


def half_words(key: str, half: float) -> str:
    """A half point as a person says it: "half the points at 2 open tickets"."""
    before, one, many = HALVES[key]
    return f"half the points {before} {plain(half)} {one if half == 1 else many}"


def exception_words(key: str, cap: Mapping[str, float]) -> str:
    """An exception as a person says it: "Not seen for 30 days: at most 60"."""
    begin, text = EXCEPTIONS[key]
    return f"{text.format(plain(cap[begin]))}: at most {plain(cap['at_most'])}"


def plain(number: float) -> str:
    """A number as one would type it."""
    return f"{round(number, 4):g}"


def _fields(config: Config) -> dict[str, Any]:
    """Every setting by its path, in the configuration's own order."""
    parts: Mapping[str, Mapping[str, Any]] = config.as_json()
    return {f"{part}.{key}": value for part, held in parts.items() for key, value in held.items()}


def _words(field: str, was: Any, will: Any) -> str:
    part, _, key = field.partition(".")
    if part == "weights":
        return _weight_words(NAMES[key], was, will)
    if part == "halves":
        return f"{NAMES[key]}: {half_words(key, will)} instead of {plain(was)}"
    if part == "thresholds":
        return f"{LEVEL_NAMES[key]} from {plain(will)} on instead of {plain(was)}"
    return _exception_words(key, was, will)


def _exception_words(key: str, was: Any, will: Any) -> str:
    if will is None:
        return f"No exception any more: {exception_words(key, was)}"
    if was is None:
        return f"New exception: {exception_words(key, will)}"
    return f"Exception: {exception_words(key, will)}; before: {exception_words(key, was)}"


def _weight_words(name: str, was: float, will: float) -> str:
    if not will:
        return f"{name} no longer counts; it was {plain(100 * was)} %"
    if not was:
        return f"{name} counts {plain(100 * will)} %; before, it did not count"
    return f"{name} counts {plain(100 * will)} % instead of {plain(100 * was)} %"
