"""Reading what was filled in, and laying faults beside their fields."""

from datetime import time

from django.http import HttpRequest

from pulsescore.core.errors import FieldFault, Invalid

_MOST_DIGITS = 19


def texts(request: HttpRequest, *names: str) -> dict[str, str]:
    """The posted fields as text; a missing one is empty."""
    return {name: request.POST.get(name, "") for name in names}


def by_field(error: Invalid) -> dict[str, str]:
    """The first fault of each field, to be shown beneath it."""
    faults: dict[str, str] = {}
    for fault in error.faults:
        faults.setdefault(fault.field, fault.message)
    return faults


def sentence_of(error: Invalid) -> str:
    """The first fault as a sentence, where there is no field to stand beneath."""
    words = error.faults[0].message.rstrip(".")
    return f"{words[:1].upper()}{words[1:]}."


def read_time(name: str, text: str, faults: list[FieldFault]) -> time | None:
    """A time of day, nothing for an empty field; what is no time is added to the faults."""
    if not text.strip():
        return None
    try:
        return time.fromisoformat(text.strip()).replace(tzinfo=None, microsecond=0)
    except ValueError:
        faults.append(FieldFault(name, "Enter a time, like 22:00."))
        return None


def whole_number(text: str, default: int, *, least: int = 1, most: int = 2**31 - 1) -> int:
    """A whole number within its limits; anything else is the default."""
    if not (text.isascii() and text.isdigit()) or len(text) > _MOST_DIGITS:
        return default
    return min(max(int(text), least), most)
