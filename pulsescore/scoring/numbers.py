"""Pure: reading the numbers of a configuration, each wrong one named by its path."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pulsescore.core.errors import FieldFault

Check = Callable[[float], str | None]


def numbers(
    name: str, data: Any, checks: Mapping[str, Check], faults: list[FieldFault]
) -> dict[str, float] | None:
    """The numbers of a part, or nothing after noting what is wrong with them."""
    if not isinstance(data, Mapping):
        faults.append(FieldFault(name, "must be an object with " + ", ".join(checks)))
        return None
    found = unknown(f"{name}.", data, list(checks))
    for key, check in checks.items():
        message = number_fault(data[key], check) if key in data else "is missing"
        if message:
            found.append(FieldFault(f"{name}.{key}", message))
    faults += found
    return None if found else {key: float(data[key]) for key in checks}


def unknown(prefix: str, data: Mapping[str, Any], keys: Sequence[str]) -> list[FieldFault]:
    """A fault for each key that is none of these."""
    return [
        FieldFault(f"{prefix}{key}", "is not a setting of the score")
        for key in data
        if key not in keys
    ]


def number_fault(value: Any, check: Check) -> str | None:
    """What is wrong with a value that should be a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "must be a number"
    try:
        number = float(value)
    except OverflowError:
        return "must be a finite number"
    return check(number) if math.isfinite(number) else "must be a finite number"


def not_negative(value: float) -> str | None:
    """The fault of a number below 0."""
    return "must not be negative" if value < 0 else None


def positive(value: float) -> str | None:
    """The fault of a number that is not above 0."""
    return None if value > 0 else "must be greater than 0"


def whole(value: float, *, first: int, last: int) -> str | None:
    """The fault of a number that is not a whole one within these two."""
    fits = value == math.floor(value) and first <= value <= last
    return None if fits else f"must be a whole number from {first:,} to {last:,}"


def at_most(last: int) -> Check:
    """A check for whole numbers from 0 up to this one."""
    return lambda value: whole(value, first=0, last=last)
