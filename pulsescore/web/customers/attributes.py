"""A customer's attributes by where they come from, each value shown as what it is. Pure."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import urlsplit

_LONG: Final = 140
_MOST_JSON: Final = 20_000
_TIME_NAME: Final = re.compile(r"(_at|_on|_date|\bdate|\bat)$", re.IGNORECASE)
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?")
_MAIL: Final = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_FIRST_UNIX, _LAST_UNIX = 631_152_000, 4_102_444_800


@dataclass(frozen=True)
class Value:
    """A value and how it is shown: text, long, number, flag, moment, day, link, mail, nested, none.

    `at` is set for moments, `href` for links; `text` is what gets copied.
    """

    kind: str
    text: str = ""
    href: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Group:
    """Attributes of one origin, with how many there were before searching."""

    title: str
    hint: str
    rows: list[tuple[str, Value]]
    total: int


def group(
    title: str, values: Mapping[str, Any], *, search: str = "", hint: str = ""
) -> Group | None:
    """The attributes whose name or value holds the search; None where there were none at all."""
    if not values:
        return None
    wanted = search.casefold()
    rows = [(name, typed(name, value)) for name, value in _in_order(values.items())]
    found = [
        (name, value)
        for name, value in rows
        if wanted in name.casefold() or wanted in value.text.casefold()
    ]
    return Group(title, hint, found, len(rows))


def split_by_origin(attributes: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Attributes named `origin/name` by their origin; others under the empty one."""
    groups: dict[str, dict[str, Any]] = {}
    for name, value in attributes.items():
        origin, slash, rest = name.partition("/")
        key, shown = (origin, rest) if origin and slash and rest else ("", name)
        groups.setdefault(key, {})[shown] = value
    return groups


def typed(name: str, value: Any) -> Value:
    """A value as what it is."""
    if value is None or value == "":
        return Value("none")
    if isinstance(value, bool):
        return Value("flag", "Yes" if value else "No")
    if isinstance(value, datetime):
        return Value("moment", value.isoformat(), at=value)
    if isinstance(value, int | float):
        return _number(name, value)
    return _text(value) if isinstance(value, str) else _composed(value)


def _composed(value: Any) -> Value:
    if _is_plain_list(value):
        return Value("text", ", ".join(str(one) for one in value))
    return Value("nested", _pretty(value))


def _number(name: str, value: float) -> Value:
    """Intercom keeps its custom dates as Unix seconds; only the name tells."""
    if _TIME_NAME.search(name) and _FIRST_UNIX <= value <= _LAST_UNIX:
        return Value("moment", str(value), at=datetime.fromtimestamp(value, UTC))
    return Value("number", f"{value:,}" if isinstance(value, int) else f"{value:,.6g}")


def _text(value: str) -> Value:
    moment = _moment(value)
    if moment:
        return moment
    parts = urlsplit(value) if value.startswith(("http://", "https://")) else None
    if parts and parts.netloc and not any(one.isspace() for one in value):
        return Value("link", value, href=value)
    if _MAIL.fullmatch(value):
        return Value("mail", value, href=f"mailto:{value}")
    return Value("long" if len(value) > _LONG or "\n" in value else "text", value)


def _moment(value: str) -> Value | None:
    found = _ISO.fullmatch(value)
    if not found:
        return None
    try:
        if found.group(1) is None:
            date.fromisoformat(value)
            return Value("day", value, at=datetime.fromisoformat(value).replace(tzinfo=UTC))
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return Value("moment", value, at=at if at.tzinfo else at.replace(tzinfo=UTC))


def _is_plain_list(value: Any) -> bool:
    return (
        isinstance(value, Sequence)
        and bool(value)
        and all(isinstance(one, str | int | float) for one in value)
    )


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)[:_MOST_JSON]


def _in_order(pairs: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return sorted(pairs, key=lambda pair: pair[0].casefold())
