"""Pure: the exceptions as the scoring form asks for them: switched on, from when, at most."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from pulsescore.core.errors import FieldFault
from pulsescore.scoring.config_words import plain
from pulsescore.scoring.exceptions import BEGINS, CAPS, Exceptions

ON: Final = "1"
# What the fields say until somebody fills them in.
_SUGGESTED: Final = {
    "not_seen.days": "30",
    "not_seen.at_most": "60",
    "many_open.open": "5",
    "many_open.at_most": "50",
}


class ExceptionField(NamedTuple):
    """One exception of the form: its words, what is filled in, and what is wrong with it."""

    key: str
    begins: str
    before: str
    between: str
    is_on: bool
    begin: str
    at_most: str
    begin_fault: str
    at_most_fault: str


_WORDS: Final = {
    "not_seen": ("Not seen for", "days or more"),
    "many_open": ("With", "or more open conversations"),
}


def exception_names() -> list[str]:
    """Every field of the exceptions."""
    return [f"{key}.{part}" for key in CAPS for part in ("on", BEGINS[key], "at_most")]


def exception_labels() -> dict[str, str]:
    """What the numbers of the exceptions are called, by field."""
    labels: dict[str, str] = {}
    for key in CAPS:
        before, between = _WORDS[key]
        labels[f"{key}.{BEGINS[key]}"] = f"{before} … {between}"
        labels[f"{key}.at_most"] = f"{before} … {between}: at most"
    return labels


def exception_values(exceptions: Exceptions) -> dict[str, str]:
    """The fields of a configuration's exceptions."""
    values = dict(_SUGGESTED)
    for key in CAPS:
        cap = getattr(exceptions, key)
        values[f"{key}.on"] = ON if cap else ""
        if cap:
            values[f"{key}.{BEGINS[key]}"] = plain(cap.begin)
            values[f"{key}.at_most"] = plain(cap.at_most)
    return values


def read_exceptions(
    values: Mapping[str, str], faults: list[FieldFault]
) -> dict[str, dict[str, float] | None]:
    """What was filled in, as the configuration takes it; only what is switched on is read."""
    return {key: _read(key, values, faults) if values.get(f"{key}.on") else None for key in CAPS}


def exception_fields(values: Mapping[str, str], faults: Mapping[str, str]) -> list[ExceptionField]:
    """The rows of the form."""
    return [_field(key, values, faults) for key in CAPS]


def _read(key: str, values: Mapping[str, str], faults: list[FieldFault]) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in (BEGINS[key], "at_most"):
        try:
            found[part] = float(values.get(f"{key}.{part}", "").replace(",", "."))
        except ValueError:
            faults.append(FieldFault(f"{key}.{part}", "Enter a number."))
    return found


def _field(key: str, values: Mapping[str, str], faults: Mapping[str, str]) -> ExceptionField:
    begin, most = f"{key}.{BEGINS[key]}", f"{key}.at_most"
    before, between = _WORDS[key]
    told: dict[str, Any] = {
        "begin": values.get(begin, ""),
        "at_most": values.get(most, ""),
        "begin_fault": faults.get(begin, ""),
        "at_most_fault": faults.get(most, ""),
    }
    is_on = bool(values.get(f"{key}.on"))
    return ExceptionField(key, BEGINS[key], before, between, is_on, **told)
