"""The calls of Segment's tracking protocol: one item of JSON to a checked `Call`. Pure.

Every library sends the same fields; which of them a call needs depends on its type. A fault names
the field and says what is wrong with it, for whoever debugs a website.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, get_args

import msgspec
from msgspec import Struct

from pulsescore.store import scrub

CALL_LIMIT: Final = 32 * 1024
LONGEST_ID: Final = 255
LONGEST_NAME: Final = 200

CallType = Literal["identify", "track", "page", "screen", "group", "alias"]
TYPES: Final[tuple[str, ...]] = get_args(CallType)


class CallFault(ValueError):
    """A call cannot be accepted; says which field and why."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class Call(Struct, kw_only=True, omit_defaults=True):
    """One accepted call, at the corrected instant at which it happened."""

    type: CallType
    message_id: str
    at: datetime
    user_id: str | None = None
    anonymous_id: str | None = None
    previous_id: str | None = None
    group_id: str | None = None
    name: str = ""
    traits: dict[str, Any] = {}
    properties: dict[str, Any] = {}
    context: dict[str, Any] = {}


_Id = str | int | None


class _Told(Struct):
    """An item as libraries write it; what we have no use for is passed over."""

    type: str | None = None
    userId: _Id = None  # noqa: N815 - the protocol's names
    anonymousId: _Id = None  # noqa: N815
    previousId: _Id = None  # noqa: N815
    groupId: _Id = None  # noqa: N815
    event: str | None = None
    name: str | None = None
    category: str | None = None
    traits: dict[str, Any] | None = None
    properties: dict[str, Any] | None = None
    context: dict[str, Any] | None = None
    messageId: _Id = None  # noqa: N815
    timestamp: str | None = None
    originalTimestamp: str | None = None  # noqa: N815
    sentAt: str | None = None  # noqa: N815


_decode = msgspec.json.Decoder(_Told).decode
_EARLIEST: Final = datetime(1970, 1, 2, tzinfo=UTC)


def parse_call(
    raw: bytes, *, received_at: datetime, kind: str | None = None, sent_at: str | None = None
) -> Call:
    """Read one call; raises `CallFault`.

    `kind` is the type where the address tells it, `sent_at` the batch's where the call has none.
    """
    if len(raw) > CALL_LIMIT:
        raise CallFault("", "A call has at most 32 kB.")
    told = _read(raw)
    known = _type_of(kind or told.type)
    context = scrub.anything(told.context or {})
    call = Call(
        type=known,
        message_id=_message_id(told, raw),
        at=_instant(told, received_at=received_at, sent_at=sent_at),
        user_id=_id("userId", told.userId),
        anonymous_id=_id("anonymousId", told.anonymousId),
        previous_id=_id("previousId", told.previousId),
        group_id=_id("groupId", told.groupId),
        name=_name(known, told),
        traits=scrub.anything(told.traits or {}),
        properties=scrub.anything(told.properties or {}),
        context=context,
    )
    _require(call)
    return call


def _read(raw: bytes) -> _Told:
    try:
        return _decode(raw)
    except msgspec.ValidationError as fault:
        text, _, path = str(fault).partition(" - at `$")
        raise CallFault(path.strip(".`"), f"{text}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise CallFault("", "This is not JSON.") from None
    except RecursionError:
        raise CallFault("", "This is nested too deeply.") from None


def _type_of(text: str | None) -> Any:
    if text not in TYPES:
        raise CallFault("type", f"The type is one of {', '.join(TYPES)}.")
    return text


def _id(field: str, value: _Id) -> str | None:
    """An id as text; what says nothing is no id."""
    if value is None:
        return None
    text = scrub.text(str(value)).strip()
    if len(text) > LONGEST_ID:
        raise CallFault(field, f"An id has at most {LONGEST_ID} characters.")
    return text or None


def _message_id(told: _Told, raw: bytes) -> str:
    """The sender's id; without one the same bytes are the same message."""
    given = _id("messageId", told.messageId)
    return given or "bytes:" + hashlib.blake2b(raw, digest_size=16).hexdigest()


def _name(kind: str, told: _Told) -> str:
    """What the timeline will say of the call."""
    if kind == "track":
        name = scrub.text(told.event or "").strip()
    elif kind in ("page", "screen"):
        words = [scrub.text(one or "").strip() for one in (told.category, told.name)]
        name = " ".join(["Viewed", *(one for one in words if one), kind])
    else:
        return ""
    if len(name) > LONGEST_NAME:
        raise CallFault("event", f"A name has at most {LONGEST_NAME} characters.")
    return name


def _require(call: Call) -> None:
    if not call.user_id and not call.anonymous_id and call.type != "alias":
        raise CallFault("userId", "Tell a userId or an anonymousId.")
    if call.type == "track" and not call.name:
        raise CallFault("event", "Tell the name of the event.")
    if call.type == "group" and not call.group_id:
        raise CallFault("groupId", "Tell a groupId.")
    if call.type == "alias" and not (call.user_id and (call.previous_id or call.anonymous_id)):
        raise CallFault("previousId", "Tell a userId and the previousId that it replaces.")


def _instant(told: _Told, *, received_at: datetime, sent_at: str | None) -> datetime:
    """When it happened by our clock: the sender's clock is wrong by what sentAt tells.

    Nothing has happened later than it was received.
    """
    original = _read_instant("timestamp", told.originalTimestamp or told.timestamp)
    if original is None:
        return received_at
    sent = _read_instant("sentAt", told.sentAt or sent_at)
    try:
        happened = original if sent is None else received_at - (sent - original)
    except OverflowError:
        raise CallFault("timestamp", "This is no instant of our time.") from None
    if happened < _EARLIEST:
        raise CallFault("timestamp", "This is no instant of our time.")
    return min(happened, received_at)


def _read_instant(field: str, text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text.strip())
        zoned = instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant
        return zoned.astimezone(UTC)
    except (ValueError, OverflowError):
        raise CallFault(field, "Write instants as ISO 8601, as 2026-05-01T12:00:00Z.") from None


def digest_of(message_id: str) -> bytes:
    """What is kept of a message's id."""
    return hashlib.blake2b(message_id.encode(), digest_size=16).digest()


KEPT_MESSAGES: Final = timedelta(days=30)
