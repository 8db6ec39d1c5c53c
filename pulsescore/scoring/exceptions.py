"""Pure: the exceptions of a configuration, which hold a score down, and what is wrong with one.

Both are off by default. A score that is lower already stays as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pulsescore.core.errors import FieldFault
from pulsescore.scoring.numbers import Check, at_most, numbers, positive, unknown, whole

# In the order in which ties are told; 0 stands for no cap wherever caps are numbers.
CAPS: Final = ("not_seen", "many_open")
MAX_DAYS: Final = 3_650
MAX_OPEN: Final = 10_000
MAX_SCORE: Final = 100
# Each exception's two settings: what it begins at, and what the score is at most from there on.
BEGINS: Final = {"not_seen": "days", "many_open": "open"}


@dataclass(frozen=True)
class Cap:
    """From `begin` on (days not seen, open conversations) a score is at most `at_most`."""

    begin: float
    at_most: int


@dataclass(frozen=True)
class Exceptions:
    """The two exceptions, each `None` where it is off."""

    not_seen: Cap | None = None
    many_open: Cap | None = None

    def as_json(self) -> dict[str, dict[str, float] | None]:
        """The shape of the API and of the stored version."""
        return {name: _as_json(name, getattr(self, name)) for name in CAPS}


def parse_exceptions(data: Any, faults: list[FieldFault]) -> Exceptions:
    """Read `{not_seen: {days, at_most}, many_open: {open, at_most}}`; what is left out is off.

    What is wrong is added to `faults`, by the path of the field.
    """
    if data is None:
        return Exceptions()
    if not isinstance(data, Mapping):
        faults.append(FieldFault("exceptions", "must be an object with " + ", ".join(CAPS)))
        return Exceptions()
    faults += unknown("exceptions.", data, CAPS)
    return Exceptions(**{name: _parse(name, data.get(name), faults) for name in CAPS})


def _parse(name: str, data: Any, faults: list[FieldFault]) -> Cap | None:
    if data is None:
        return None
    begin = BEGINS[name]
    checks: dict[str, Check] = {begin: _CHECKS[name], "at_most": at_most(MAX_SCORE)}
    found = numbers(f"exceptions.{name}", data, checks, faults)
    return Cap(found[begin], int(found["at_most"])) if found else None


def _as_json(name: str, cap: Cap | None) -> dict[str, float] | None:
    return None if cap is None else {BEGINS[name]: cap.begin, "at_most": cap.at_most}


def _days(value: float) -> str | None:
    return positive(value) or (None if value <= MAX_DAYS else f"must be at most {MAX_DAYS:,}")


def _open(value: float) -> str | None:
    return whole(value, first=1, last=MAX_OPEN)


_CHECKS: Final[Mapping[str, Check]] = {"not_seen": _days, "many_open": _open}
