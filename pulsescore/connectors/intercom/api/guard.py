"""Read only, enforced beneath every call: what could write is refused before a socket opens."""

import re

from pulsescore.connectors.intercom.api.errors import Failure, WriteRefused

_READING_METHODS = frozenset({"GET", "HEAD"})
_READING_POSTS = re.compile(
    r"/(contacts/search|conversations/search|tickets/search|companies/list|auth/eagle/token)"
)


def is_read(method: str, path: str) -> bool:
    """Whether a request cannot change anything in the workspace."""
    if method in _READING_METHODS:
        return True
    return method == "POST" and _READING_POSTS.fullmatch(path) is not None


def check(method: str, path: str, *, writable: bool) -> None:
    """Raise `WriteRefused` for a request that could write over a read-only connection."""
    if writable or is_read(method, path):
        return
    raise WriteRefused(
        Failure(
            method=method,
            path=path,
            code="read_only",
            message="this connection is read only; nothing was sent",
        )
    )
