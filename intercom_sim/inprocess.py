"""The simulator without a network: a request in, a reply out, in the caller's own thread."""

import re
import uuid
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import unquote

from intercom_sim.gateway import Asked, answer_to, unknown
from intercom_sim.rest.call import Handler, Reply
from intercom_sim.server import ROUTES
from intercom_sim.simulator import Simulator

BASE_URL = "http://intercom.example"
_FIELD = re.compile(r"\\{(\w+)\\}")


def answer(
    simulator: Simulator,
    method: str,
    path: str,
    *,
    query: Mapping[str, str],
    headers: Mapping[str, str],
    body: bytes = b"",
) -> Reply:
    """What the REST service replies; it neither waits nor hangs, but refuses as switched."""
    handler, params = _find(method, path)
    asked = Asked(method, path, params, query, headers, body, "application/json", BASE_URL)
    return answer_to(asked, simulator, handler, str(uuid.uuid4()))


def _find(method: str, path: str) -> tuple[Handler, dict[str, str]]:
    for known_method, pattern, handler in _table():
        found = pattern.fullmatch(path) if known_method == method else None
        if found:
            return handler, {name: unquote(value) for name, value in found.groupdict().items()}
    return unknown, {}


@lru_cache(maxsize=1)
def _table() -> list[tuple[str, re.Pattern[str], Handler]]:
    return [
        (
            route.method,
            re.compile(_FIELD.sub(r"(?P<\1>[^/]+)", re.escape(route.path))),
            route.handler,
        )
        for route in ROUTES
    ]
