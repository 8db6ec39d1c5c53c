"""Date filters as half-open ranges of seconds, and what a whole query says about one field."""

from dataclasses import dataclass
from math import inf
from zoneinfo import ZoneInfo

from intercom_sim.rest.errors import invalid
from intercom_sim.search.days import day_bounds
from intercom_sim.search.query import Filter, Node

LATEST = 100_000_000_000


@dataclass(frozen=True)
class Range:
    """`low <= value < high`; `exact` if the query asks for nothing else."""

    low: float
    high: float
    exact: bool = True


EVERYTHING = Range(-inf, inf, exact=False)


def seconds(value: object) -> int:
    """A filter's date; milliseconds and texts other than digits are refused."""
    if isinstance(value, str) and value.lstrip("-").isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= LATEST:
        raise invalid("date is not a unix timestamp in seconds", field="value")
    return value


def date_range(operator: str, value: object, *, zone: ZoneInfo | None) -> Range | None:
    """The range a date filter asks for (by whole days if a zone is given); None if not one."""
    if operator in ("!=", "IN", "NIN"):
        return None
    moment = seconds(value)
    start, end = (moment, moment + 1) if zone is None else day_bounds(moment, zone)
    return {
        "=": Range(start, end),
        ">": Range(end, inf),
        "<": Range(-inf, start),
        ">=": Range(start, inf),
        "<=": Range(-inf, end),
    }[operator]


def bounds(node: Node, field: str, *, zone: ZoneInfo | None) -> Range:
    """The smallest range of `field` outside which nothing matches the query."""
    if isinstance(node, Filter):
        found = date_range(node.operator, node.value, zone=zone) if node.field == field else None
        return found or EVERYTHING
    parts = [bounds(member, field, zone=zone) for member in node.members]
    return _both(parts) if node.operator == "AND" else _either(parts)


def _both(parts: list[Range]) -> Range:
    low = max(part.low for part in parts)
    high = max(low, min(part.high for part in parts))
    return Range(low, high, exact=all(part.exact for part in parts))


def _either(parts: list[Range]) -> Range:
    ordered = sorted(parts, key=lambda part: part.low)
    reach = ordered[0].high
    touching = True
    for part in ordered[1:]:
        touching = touching and part.low <= reach
        reach = max(reach, part.high)
    exact = touching and all(part.exact for part in parts)
    return Range(ordered[0].low, reach, exact=exact)
