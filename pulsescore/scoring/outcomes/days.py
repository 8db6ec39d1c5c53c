"""Pure: the day that a text, a number or an instant names."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

# How a day is written: as a standard says, or with the day or the month in front.
STYLES: Final = {
    "iso": "2026-03-31, or seconds since 1970",
    "dmy": "31.3.2026, 31/3/2026",
    "mdy": "3/31/2026",
}
FIRST_YEAR: Final = 1990
YEARS_AHEAD: Final = 5

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})([T ].*)?")
_PARTS = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})([T ,].*)?")
_SECONDS = re.compile(r"\d{9,10}(\.\d+)?")
_MILLISECONDS = re.compile(r"\d{12,13}")


def read_day(value: Any, *, style: str = "iso", today: date) -> date | None:
    """The UTC day of a value; nothing where it names none, or one that cannot be meant."""
    found = _day(str(value).strip(), style) if isinstance(value, str | int | float) else None
    if found is None or not FIRST_YEAR <= found.year <= today.year + YEARS_AHEAD:
        return None
    return found


def guess_style(values: Sequence[str], *, today: date) -> str:
    """The style in which most of these can be read."""

    def readable(style: str) -> int:
        return sum(read_day(value, style=style, today=today) is not None for value in values)

    return max(STYLES, key=readable)


def _day(text: str, style: str) -> date | None:
    try:
        if _SECONDS.fullmatch(text):
            return datetime.fromtimestamp(float(text), UTC).date()
        if _MILLISECONDS.fullmatch(text):
            return datetime.fromtimestamp(int(text) / 1000, UTC).date()
        if _ISO.fullmatch(text):
            return _iso_day(text)
        parts = _PARTS.fullmatch(text)
        if parts is None or style == "iso":
            return None
        first, second, year = (int(part) for part in parts.group(1, 2, 3))
        return date(year, second, first) if style == "dmy" else date(year, first, second)
    except (ValueError, OverflowError):
        return None


def _iso_day(text: str) -> date:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        year, month, day = (int(part) for part in _ISO.fullmatch(text).group(1, 2, 3))  # type: ignore[union-attr]
        return date(year, month, day)
    return instant.astimezone(UTC).date() if instant.tzinfo else instant.date()
