"""Times as notifications write them: text with milliseconds."""

from datetime import UTC, datetime


def iso(moment: int | None, *, milliseconds: int = 0, zulu: bool = False) -> str | None:
    """`2026-01-10T04:39:55.465+00:00`, or with a Z; None stays None."""
    if moment is None:
        return None
    text = datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{milliseconds:03d}{'Z' if zulu else '+00:00'}"


def thousandths(object_id: str) -> int:
    """The milliseconds of an object's times: REST cuts them off, notifications show them."""
    return int(object_id[-4:], 16) % 1_000
