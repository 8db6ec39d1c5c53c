"""Whether a value that was sent can be stored: texts, addresses, times, typed attributes."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from intercom_sim.model import DataAttribute
from intercom_sim.rest.errors import ApiError, invalid
from intercom_sim.search.ranges import seconds

LONGEST = 255
MOST_SPEND = 2**31 - 1
LONGEST_ADDRESS = 2_000
NOT_DIALED = re.compile(r"[\s().-]")
Json = dict[str, Any]


def link(value: object, name: str) -> str | None:
    """An address of a picture, or null."""
    return text(value, name, longest=LONGEST_ADDRESS)


def text(value: object, name: str, *, longest: int = LONGEST) -> str | None:
    """A text of at most 255 characters, or null."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise invalid(f"{name} must be a string", field=name)
    if len(value) > longest:
        raise invalid(f"{name} is longer than {longest} characters", field=name)
    return value


def address(value: object, name: str = "email") -> str | None:
    """An e-mail address in small letters, or null."""
    found = text(value, name)
    if found is None:
        return None
    local, _, domain = found.rpartition("@")
    if not local or not domain or any(one.isspace() for one in found):
        raise invalid("Email is invalid", field=name)
    return found.lower()


def phone(value: object, name: str) -> str | None:
    """A phone number without what is only there to be read, or null."""
    found = text(value, name)
    return None if found is None else NOT_DIALED.sub("", found)


def moment(value: object, name: str) -> int | None:
    """A unix timestamp in seconds, or null; milliseconds and ISO texts are refused."""
    if value is None:
        return None
    try:
        return seconds(value)
    except ApiError as error:
        raise invalid(f"{name} is not a unix timestamp in seconds", field=name) from error


def flag(value: object, name: str) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise invalid(f"{name} must be true or false", field=name)


def whole(value: object, name: str, *, most: int = MOST_SPEND) -> int | None:
    """A whole number, fractions cut off, at most `most`."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise invalid(f"{name} must be a number", field=name)
    if not -most <= value <= most:
        raise invalid(f"{name} must be at most {most}", field=name)
    return int(value)


def attributes(fields: Mapping[str, Any], *, declared: Iterable[DataAttribute]) -> Json:
    """The custom attributes that were sent; undeclared ones and wrong types are refused."""
    sent = fields.get("custom_attributes") or {}
    if not isinstance(sent, dict):
        raise invalid("custom_attributes is not an object", field="custom_attributes")
    known = {one.name: one for one in declared if one.custom and not one.archived}
    for name, value in sent.items():
        if name not in known:
            message = f"Custom attribute '{name}' does not exist"
            raise invalid(message, field="custom_attributes")
        _check(known[name], value)
    return sent


def _check(attribute: DataAttribute, value: object) -> None:
    if value is None:
        return
    if not _fits(attribute, value):
        message = f"Custom attribute '{attribute.name}' is not a valid {attribute.data_type}"
        raise invalid(message, field="custom_attributes")
    if attribute.options and value not in attribute.options:
        message = f"Custom attribute '{attribute.name}' does not offer that option"
        raise invalid(message, field="custom_attributes")


def _fits(attribute: DataAttribute, value: object) -> bool:
    kind = attribute.data_type
    if kind == "boolean":
        return isinstance(value, bool)
    if isinstance(value, bool):
        return False
    if kind == "string":
        return isinstance(value, str) and len(value) <= LONGEST
    if kind == "float":
        return isinstance(value, int | float)
    return isinstance(value, int) and (kind == "integer" or abs(value) < 100_000_000_000)
