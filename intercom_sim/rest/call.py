"""A request and its answer, free of any web framework."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from intercom_sim.rest.errors import invalid, missing
from intercom_sim.rest.site import Site

Json = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """What a client asked."""

    method: str
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Any = None
    base_url: str = ""

    def fields(self) -> Json:
        """The body as an object; raises `ApiError` 400 otherwise."""
        if self.body is None:
            return {}
        if not isinstance(self.body, dict):
            raise invalid("body is not a JSON object")
        return self.body

    def required(self, name: str) -> Any:
        value = self.fields().get(name)
        if value is None:
            raise missing(name)
        return value


@dataclass(frozen=True)
class Reply:
    """What it gets."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[[Site, Call], Reply]


@dataclass(frozen=True)
class Route:
    """A handler and where it is found."""

    method: str
    path: str
    handler: Handler


def as_json(value: object, *, status: int = 200) -> Reply:
    return Reply(msgspec.json.encode(value), status)


def number(raw: object, name: str, *, default: int, most: int) -> int:
    """A positive whole number of a request, at most `most`; raises `ApiError` 400 otherwise."""
    if raw is None or raw == "":
        return default
    try:
        value = int(str(raw))
    except ValueError:
        raise invalid(f"{name} is not a number", field=name) from None
    if not 1 <= value <= most:
        raise invalid(f"{name} must be a number between 1 and {most}", field=name)
    return value


def joined(prefix: Json, *, key: str, items: list[bytes]) -> Reply:
    """An envelope around objects that are bytes already."""
    head = msgspec.json.encode(prefix)[:-1]
    comma = b"," if prefix else b""
    return Reply(b"".join((head, comma, b'"', key.encode(), b'":[', b",".join(items), b"]}")))
