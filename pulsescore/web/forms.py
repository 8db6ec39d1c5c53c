"""Reading what was filled in, and laying faults beside their fields."""

from django.http import HttpRequest

from pulsescore.core.errors import Invalid

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


def whole_number(text: str, default: int, *, least: int = 1, most: int = 2**31 - 1) -> int:
    """A whole number within its limits; anything else is the default."""
    if not (text.isascii() and text.isdigit()) or len(text) > _MOST_DIGITS:
        return default
    return min(max(int(text), least), most)
