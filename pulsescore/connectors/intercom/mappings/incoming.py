"""Pure: what Intercom tells of a contact as values of our attributes, by the incoming table.

The values follow from the contact as the store keeps it, so they come out the same in whatever
order, and however often, word of it arrived.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from msgspec import Struct

from pulsescore.connectors.intercom.contact_attributes import NAMES
from pulsescore.connectors.intercom.mappings.conversion import Unfit, convert, is_empty
from pulsescore.connectors.intercom.mappings.fields import CUSTOM

# A value that only fills a gap counts as told that long before it was: so it gives way to whatever
# anybody told, and of several the newest fills the gap, in any order.
GIVES_WAY_BY: Final = timedelta(days=365_000)
_ELSEWHERE: Final = {
    "avatar": "intercom/avatar_url",
    "avatar.image_url": "intercom/avatar_url",
    "location.country": "intercom/location_country",
    "location.region": "intercom/location_region",
    "location.city": "intercom/location_city",
    "location.country_code": "intercom/location_country_code",
    "location.continent_code": "intercom/location_continent_code",
}
STANDARD_PATHS: Final = tuple(
    sorted({*NAMES, *(path for path in _ELSEWHERE if "." in path), "is_lead", "tags"})
)


class IncomingRow(Struct, frozen=True, kw_only=True):
    """One row of the incoming table."""

    intercom: str
    attribute: str
    overwrite: bool = False


class Told(Struct, frozen=True, kw_only=True):
    """A contact as the store keeps it, and the instant of which that is."""

    attributes: Mapping[str, Any]
    metadata: Mapping[str, Any]
    tags: Sequence[str]
    at: datetime


class _Nothing:
    """A path that leads nowhere; other than an empty value, it says nothing."""


_NOTHING: Final = _Nothing()


def is_path(path: str) -> bool:
    """Whether a contact can have something there."""
    if path.startswith(CUSTOM):
        return len(path) > len(CUSTOM)
    return path in STANDARD_PATHS or path in _ELSEWHERE


def values_told(
    told: Told, rows: Sequence[IncomingRow], *, dates: frozenset[str] = frozenset()
) -> list[tuple[dict[str, Any], datetime]]:
    """Values by attribute, with the instant of which they count; None for what is empty.

    `dates` are paths of custom dates. A path that leads nowhere says nothing.
    """
    winning: dict[str, Any] = {}
    filling: dict[str, Any] = {}
    for row in rows:
        value = _at_path(told, row.intercom)
        if value is not _NOTHING:
            into = winning if row.overwrite else filling
            into[row.attribute] = _in_words(value, is_date=row.intercom in dates)
    both = ((winning, told.at), (filling, told.at - GIVES_WAY_BY))
    return [(values, at) for values, at in both if values]


def _at_path(told: Told, path: str) -> Any:
    if path == "tags":
        return list(told.tags)
    if not path.startswith(CUSTOM):
        return told.attributes.get(_ELSEWHERE.get(path, f"intercom/{path}"))
    name = path.removeprefix(CUSTOM)
    return told.metadata[name] if name in told.metadata else _nested(told.metadata, name)


def _nested(values: Any, path: str) -> Any:
    """The longest name that is there goes first, since names may have dots in them."""
    if not path:
        return values
    if isinstance(values, list):
        head, _, rest = path.partition(".")
        index = int(head) if head.isascii() and head.isdigit() else len(values)
        return _nested(values[index], rest) if index < len(values) else _NOTHING
    if not isinstance(values, Mapping):
        return _NOTHING
    if path in values:
        return values[path]
    head = path
    while "." in head:
        head = head.rpartition(".")[0]
        if head in values:
            return _nested(values[head], path[len(head) + 1 :])
    return _NOTHING


def _in_words(value: Any, *, is_date: bool) -> Any:
    """None for what is empty; dates as ISO 8601, as all our own are."""
    if is_empty(value):
        return None
    if not is_date:
        return value
    try:
        seconds = convert(value, "date").value
    except Unfit:
        return value
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
