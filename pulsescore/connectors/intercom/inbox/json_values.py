"""Reading JSON that may hold anything: each function gives a typed value or says it has none."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

JsonObject = dict[str, Any]

_LATEST_SECOND = 253_402_300_799
_MILLISECONDS_BEGIN = 100_000_000_000
_MAX_WHOLE_NUMBER = 2**53
_LONGEST_NUMBER = 18


def as_object(value: object) -> JsonObject:
    """The object itself, or an empty one."""
    return value if isinstance(value, dict) else {}


def as_objects(value: object) -> Iterator[JsonObject]:
    """The objects of a list; anything else in it is passed over."""
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))


def as_text(value: object) -> str | None:
    """A non-empty text; whole numbers count as text, since ids come as both."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return None


def as_whole_number(value: object) -> int | None:
    """A whole number, also from numeric text; nothing for booleans, fractions and the infinite."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        value = _number_in(value)
    if isinstance(value, float):
        value = int(value) if math.isfinite(value) and value.is_integer() else None
    return value if isinstance(value, int) and abs(value) <= _MAX_WHOLE_NUMBER else None


def as_seconds(value: object) -> int | None:
    """An instant as Unix seconds, from seconds, milliseconds, numeric text or ISO 8601 text."""
    if isinstance(value, float):
        number = math.floor(value) if math.isfinite(value) else None
    else:
        number = as_whole_number(value)
    if number is None and isinstance(value, str):
        number = _seconds_of_iso(value)
    if number is None:
        return None
    if number >= _MILLISECONDS_BEGIN:
        number //= 1000
    return number if 0 < number <= _LATEST_SECOND else None


def as_instant(value: object) -> datetime | None:
    """The same instant, aware and in UTC, to the second."""
    seconds = as_seconds(value)
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def without_nul(value: object) -> object:
    """The same JSON without the one character that PostgreSQL cannot store in a text."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, list):
        return [without_nul(entry) for entry in value]
    if isinstance(value, dict):
        return {str(without_nul(key)): without_nul(entry) for key, entry in value.items()}
    return value


def _number_in(text: str) -> int | None:
    try:
        return int(text) if text.isascii() and len(text) <= _LONGEST_NUMBER else None
    except ValueError:
        return None


def _seconds_of_iso(text: str) -> int | None:
    cleaned = text.strip()
    if cleaned.endswith(" UTC"):
        cleaned = cleaned.removesuffix(" UTC") + "+00:00"
    try:
        instant = datetime.fromisoformat(cleaned)
        aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
        return math.floor(aware.timestamp())
    except (ValueError, OverflowError):
        return None
