"""Intercom's times in any form, to the second: unix integers, numeric text, ISO 8601, null."""

import re
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from msgspec import UNSET, UnsetType

from pulsescore.connectors.intercom.api.schemas import Moment

_from_unix = datetime.fromtimestamp
_NUMBER = re.compile(r"-?\d+(\.\d*)?")


def parse_time(value: Moment) -> datetime | None | UnsetType:
    """The instant, cut to the second since REST has no more; raises `ValueError`."""
    try:
        if type(value) is int:
            return _from_unix(value, UTC)
        if value is None or value is UNSET:
            return value
        if isinstance(value, str):
            return _from_text(value)
        return _from_unix(int(value), UTC)
    except (OverflowError, OSError, TypeError) as error:
        raise ValueError(f"not a time in seconds: {value!r}") from error


def moment(value: Moment) -> datetime | None:
    """The instant, or None where there is none."""
    if value is None:
        return None
    parsed = parse_time(value)
    return None if parsed is UNSET else parsed


def _from_text(text: str) -> datetime | None | UnsetType:
    text = text.strip()
    if not text:
        return None
    if _NUMBER.fullmatch(text):
        return parse_time(float(text))
    parsed = datetime.fromisoformat(text)
    aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(microsecond=0)


def zone_named(name: str) -> tzinfo:
    """A workspace's time zone; UTC where its name is not known here."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC
