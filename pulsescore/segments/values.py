"""Pure: what a condition compares with: numbers, text, dates, and what is wrong with them."""

import math
import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pulsescore.segments.fields import BOOL, CHOICE, CUSTOM, LIST, NUMBER, TEXT, Field

Scalar = str | int | float | bool
Value = Scalar | tuple[Scalar, ...] | None

MAX_DAYS: Final = 3_650
MAX_TEXT: Final = 500
MAX_LIST: Final = 200
LARGEST: Final = 10**15
_SIZES: Final = frozenset({"gt", "gte", "lt", "lte"})
_WORDS: Final = frozenset({"contains", "not_contains", "starts_with", "ends_with"})
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LONGEST_DATE: Final = 40
_YEARS: Final = range(1900, 2200)
_NUMBER, _TEXT = "Enter a number.", f"Enter text of at most {MAX_TEXT} characters."
_DATE: Final = "Enter a date as in 2026-01-31, or an instant as in 2026-01-31T09:00:00Z."


def check_value(field: Field, op: str, value: Any) -> tuple[Value, str]:
    """The value as it is compared, and what is wrong with it ("": nothing)."""
    if op in ("in", "not_in"):
        return _several(field, value)
    if op in ("within_days", "not_within_days"):
        fits = is_whole(value, 1, MAX_DAYS)
        return value, "" if fits else f"Enter a number of days from 1 to {MAX_DAYS}."
    if op in ("before", "after"):
        return value, "" if read_date(value) else _DATE
    return value, _problem(field, op, value)


def is_whole(value: Any, least: int, most: int) -> bool:
    """Whether it is a whole number within the bounds."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def is_number(value: Any) -> bool:
    """Whether it is a number that can be compared."""
    is_one = isinstance(value, int | float) and not isinstance(value, bool)
    return is_one and math.isfinite(value) and abs(value) <= LARGEST


def read_date(value: Any) -> tuple[datetime, datetime] | None:
    """The first and the last instant that a date means: a day (UTC) has both, an instant is one."""
    if not isinstance(value, str) or len(value) > _LONGEST_DATE:
        return None
    try:
        start = datetime.fromisoformat(value)
    except ValueError:
        return None
    if start.year not in _YEARS:
        return None
    start = start if start.tzinfo else start.replace(tzinfo=UTC)
    if _DAY.fullmatch(value):
        return start, start + timedelta(days=1) - timedelta(microseconds=1)
    return start, start


def _several(field: Field, value: Any) -> tuple[Value, str]:
    if not isinstance(value, list | tuple) or not 0 < len(value) <= MAX_LIST:
        return None, f"Give a list of 1 to {MAX_LIST} values."
    for one in value:
        if problem := _problem(field, "eq", one):
            return None, problem
    return tuple(value), ""


def _problem(field: Field, op: str, value: Any) -> str:
    if field.type == CHOICE:
        known = [one for one, _words in field.choices]
        return "" if value in known else f"Choose one of {', '.join(known)}."
    if field.type == BOOL:
        return "" if isinstance(value, bool) else "Choose true or false."
    if field.type == NUMBER or op in _SIZES:
        return "" if is_number(value) else _NUMBER
    if field.type in (TEXT, LIST) or op in _WORDS:
        return "" if _is_text(value) else _TEXT
    if field.type == CUSTOM and (isinstance(value, bool) or is_number(value) or _is_text(value)):
        return ""
    return "Enter text, a number, true or false."


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_TEXT and "\0" not in value
