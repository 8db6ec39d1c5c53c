"""Reads request bodies: strict JSON, of bounded size, holding only text that can be stored."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError
from ninja.parser import Parser

from pulsescore.api.problems import Malformed, TooLarge
from pulsescore.core.errors import FieldFault, Invalid

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 32
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class StrictParser(Parser):
    """Hands JSON to the framework, or raises a refusal that says what is wrong with it."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Decode the body; the framework checks its shape."""
        value = decode(request.body)
        raise_if_unstorable(value)
        return value  # type: ignore[no-any-return]


def check_size(request: HttpRequest) -> None:
    """Raise `TooLarge` before anything is done with a body that is too big."""
    declared = request.headers.get("Content-Length", "")
    if declared.isdigit() and int(declared) > MAX_BYTES:
        raise _too_large()
    try:
        sent = len(request.body)
    except RequestDataTooBig:
        raise _too_large() from None
    except UnreadablePostError:
        raise Malformed("The body ended early.") from None
    if sent > MAX_BYTES:
        raise _too_large()


def _too_large() -> TooLarge:
    return TooLarge(f"Send at most {MAX_BYTES // 1024} KiB.")


def decode(body: bytes) -> Any:
    """Decode strict JSON (no NaN, no lone surrogates, valid UTF-8); raises `Malformed`."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise Malformed(f"The body is not valid JSON: {fault}") from None
    except RecursionError:
        raise Malformed("The body is nested too deeply.") from None


def raise_if_unstorable(value: Any) -> None:
    """Raise `Invalid` for text that no database column can hold, by its path."""
    faults = [
        FieldFault(path or "body", "Use printable characters only.")
        for path, text in _texts(value, "", 0)
        if _UNSTORABLE.search(text)
    ]
    if faults:
        raise Invalid(*faults)


def _texts(value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    if depth > MAX_DEPTH:
        raise Malformed("The body is nested too deeply.")
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _texts(entry, f"{path}.{index}".lstrip("."), depth + 1)
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield path, key
            yield from _texts(entry, f"{path}.{key}".lstrip("."), depth + 1)
