"""Whether a webhook is let in, and for whom: the decision alone, without network or database.

`examine` is a generator: it asks for receivers with `Lookup` and is sent them, so that the sync
and the async door share one decision.
"""

from collections.abc import Generator, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Final, Literal

import msgspec
from msgspec import Struct

from pulsescore.connectors.intercom.inbox.envelope import NotAnEnvelope, Notification, parse
from pulsescore.connectors.intercom.inbox.receivers import Receiver
from pulsescore.connectors.intercom.inbox.signatures import SigningSecret, read_signature

BODY_LIMIT: Final = 2 * 1024 * 1024

Outcome = Literal[
    "stored", "unsigned", "malformed", "too_large", "unknown_workspace", "wrong_method", "failed"
]


class Answer(Struct, frozen=True):
    """What Intercom is told."""

    status: int
    title: str
    detail: str = ""

    @property
    def is_problem(self) -> bool:
        """Whether it is an error."""
        return self.status >= HTTPStatus.BAD_REQUEST

    def body(self) -> bytes:
        """JSON; problem details (RFC 9457) for errors."""
        if not self.is_problem:
            return b'{"status":"ok"}'
        problem = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        return msgspec.json.encode(problem)

    @property
    def content_type(self) -> str:
        """The media type of the body."""
        return "application/problem+json" if self.is_problem else "application/json"


OK: Final = Answer(200, "OK")
TOO_LARGE: Final = Answer(413, "Content Too Large", "A notification has at most 2 MB.")
WRONG_METHOD: Final = Answer(405, "Method Not Allowed", "Send notifications with POST.")
UNAVAILABLE: Final = Answer(503, "Service Unavailable", "The notification could not be stored.")
_UNSIGNED: Final = Answer(
    401,
    "Unauthorized",
    "X-Hub-Signature must be sha1= and the HMAC-SHA1 of the raw body with the webhook secret.",
)


class Lookup(Struct, frozen=True):
    """Asks for the receivers of a workspace, or of anybody; `fresh` forbids a cached answer."""

    workspace_id: str | None
    fresh: bool = False


class Delivery(Struct, frozen=True, kw_only=True):
    """One row to store: one organization's copy of a notification."""

    org_id: int
    connection_id: int
    notification_id: str
    topic: str
    body: bytes
    notified_at: datetime | None
    received_at: datetime


class Verdict(Struct, frozen=True, kw_only=True):
    """The answer, and what must be stored before it is given."""

    answer: Answer
    outcome: Outcome
    deliveries: list[Delivery] = []


Examination = Generator[Lookup, Sequence[Receiver], Verdict]

REFUSED: Final = Verdict(answer=_UNSIGNED, outcome="unsigned")
_UNKNOWN: Final = Verdict(answer=OK, outcome="unknown_workspace")


def examine(header: str | None, body: bytes, *, now: datetime, app_secret: str) -> Examination:
    """Decide about one notification, asking for receivers on the way."""
    if len(body) > BODY_LIMIT:
        return Verdict(answer=TOO_LARGE, outcome="too_large")
    signature = read_signature(header)
    if signature is None:
        return REFUSED
    try:
        notification = parse(body)
    except NotAnEnvelope as fault:
        return (yield from _malformed(fault, body, signature, now, app_secret))
    if notification.workspace_id is not None:
        wanted = notification.workspace_id
        for lookup in (Lookup(wanted), Lookup(wanted, fresh=True)):
            receivers = yield lookup
            trusting = [one for one in receivers if one.trusts(body, signature=signature, now=now)]
            if trusting:
                return _received(notification, body, trusting, now)
        if any(receiver.connected for receiver in receivers):
            return REFUSED
    ours = yield from _sender_is_ours(body, signature, now, app_secret)
    return _UNKNOWN if ours else REFUSED


def _malformed(
    fault: NotAnEnvelope, body: bytes, signature: bytes, now: datetime, app_secret: str
) -> Examination:
    ours = yield from _sender_is_ours(body, signature, now, app_secret)
    if not ours:
        return REFUSED
    detail = f"The signature is right, but {fault}."
    return Verdict(answer=Answer(400, "Bad Request", detail), outcome="malformed")


def _sender_is_ours(
    body: bytes, signature: bytes, now: datetime, app_secret: str
) -> Generator[Lookup, Sequence[Receiver], bool]:
    """Whether the sender knows any secret of ours: nothing is stored for it in any case."""
    if app_secret and SigningSecret(app_secret.encode()).signed(body, signature=signature, now=now):
        return True
    anybody = yield Lookup(None)
    return any(receiver.trusts(body, signature=signature, now=now) for receiver in anybody)


def _received(
    notification: Notification, body: bytes, trusting: Sequence[Receiver], now: datetime
) -> Verdict:
    deliveries = [
        Delivery(
            org_id=receiver.org_id,
            connection_id=receiver.connection_id,
            notification_id=notification.key,
            topic=notification.topic,
            body=body,
            notified_at=notification.created_at,
            received_at=now,
        )
        for receiver in trusting
        if receiver.connected
    ]
    outcome: Outcome = "stored" if deliveries else "unknown_workspace"
    return Verdict(answer=OK, outcome=outcome, deliveries=deliveries)
