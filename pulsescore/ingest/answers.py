"""What senders are told, in the form that Segment's libraries read. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from pulsescore.ingest.bodies import Rejected

_LISTED: Final = 20


class Answer(Struct, frozen=True):
    """Status, JSON or other bytes, and headers beside the usual ones."""

    status: int
    body: Mapping[str, Any] = {}
    headers: tuple[tuple[bytes, bytes], ...] = ()
    raw: bytes = b""
    content_type: bytes = b"application/json"

    def encoded(self) -> bytes:
        """The body as bytes."""
        return msgspec.json.encode(self.body) if self.body else self.raw


def accepted(rejected: Sequence[Rejected]) -> Answer:
    """Everything, or all but some calls, was stored."""
    if not rejected:
        return OK
    return Answer(200, {"success": True, "rejected": _listed(rejected)})


def refused(status: int, code: str, message: str, *, rejected: Sequence[Rejected] = ()) -> Answer:
    """Nothing was stored."""
    body: dict[str, Any] = {"success": False, "code": code, "message": message}
    if rejected:
        body["rejected"] = _listed(rejected)
    return Answer(status, body)


def all_refused(rejected: Sequence[Rejected]) -> Answer:
    """No call of the request could be accepted."""
    first = rejected[0]
    where = f"{first.field}: " if first.field else ""
    return refused(400, "invalid", f"{where}{first.message}", rejected=rejected)


def _listed(rejected: Sequence[Rejected]) -> list[dict[str, Any]]:
    return [msgspec.structs.asdict(one) for one in rejected[:_LISTED]]


OK: Final = Answer(200, {"success": True})
PREFLIGHT: Final = Answer(204)
NO_KEY: Final = Answer(
    401,
    refused(401, "unauthorized", "The write key is missing, unknown or revoked.").body,
    ((b"www-authenticate", b'Basic realm="write key"'),),
)
WRONG_METHOD: Final = Answer(
    405,
    refused(405, "method_not_allowed", "Send calls with POST.").body,
    ((b"allow", b"POST, OPTIONS"),),
)
UNKNOWN: Final = refused(404, "not_found", "There is no such call.")
UNAVAILABLE: Final = Answer(
    503,
    refused(503, "unavailable", "The calls could not be stored. Send them again.").body,
    ((b"retry-after", b"5"),),
)
