"""Pure checks of the texts that people enter about themselves and their organization."""

import re
from collections.abc import Iterable, Set
from functools import cache
from zoneinfo import available_timezones

from pulsescore.core.errors import FieldFault, Invalid

MAX_PASSWORD = 1024
MAX_ADDRESS = 254
_ADDRESS = re.compile(r"^[^@\s\"(),:;<>\[\\\]]+@[^@\s.]+(\.[^@\s.]+)*$")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def text_faults(field: str, value: str, *, max_length: int) -> list[FieldFault]:
    """What is wrong with a required single-line text."""
    if not value.strip():
        return [FieldFault(field, "Enter a value.")]
    if len(value.strip()) > max_length:
        return [FieldFault(field, f"Use at most {max_length} characters.")]
    if _UNPRINTABLE.search(value):
        return [FieldFault(field, "Use printable characters only.")]
    return []


def email_faults(field: str, value: str) -> list[FieldFault]:
    """What is wrong with an e-mail address; deliverability is for the mail to prove."""
    address = value.strip()
    if len(address) > MAX_ADDRESS or _UNPRINTABLE.search(address) or not _ADDRESS.match(address):
        return [FieldFault(field, "Enter an e-mail address, like ada@example.com.")]
    return []


def choice_faults(field: str, value: str, choices: Iterable[str]) -> list[FieldFault]:
    """What is wrong with a value that must be one of a few."""
    known = list(choices)
    return [] if value in known else [FieldFault(field, f"Choose one of {', '.join(known)}.")]


def time_zone_faults(field: str, value: str) -> list[FieldFault]:
    """What is wrong with the name of a time zone."""
    if value in _time_zones():
        return []
    return [FieldFault(field, "Choose a time zone by its name, like Europe/Madrid.")]


@cache
def _time_zones() -> Set[str]:
    """Reading their names from the disk takes longer than everything else in founding a tenant."""
    return available_timezones()


def canonical_email(value: str) -> str:
    """The form in which addresses are stored and compared."""
    return value.strip().lower()


def raise_if_any(faults: Iterable[FieldFault]) -> None:
    """Raise `Invalid` with all faults at once, so that one answer tells everything."""
    found = list(faults)
    if found:
        raise Invalid(*found)
