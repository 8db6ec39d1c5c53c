"""The envelope around every notification, and the name that makes it count once."""

import hashlib
from datetime import datetime
from typing import Final

import msgspec

from pulsescore.connectors.intercom.inbox.json_values import (
    JsonObject,
    as_instant,
    as_object,
    as_text,
    without_nul,
)

_NUL: Final = b"\\u0000"
_NAME_LIMIT: Final = 200


class NotAnEnvelope(ValueError):
    """The body is no JSON object."""


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    """One notification: `created_at` is its own instant, `None` where Intercom left it out."""

    key: str
    topic: str
    workspace_id: str | None
    created_at: datetime | None
    item: JsonObject


def parse(body: bytes) -> Notification:
    """Read a raw body; raises `NotAnEnvelope` for what is not a JSON object."""
    envelope = _decode(body)
    item = as_object(as_object(envelope.get("data")).get("item"))
    return Notification(
        key=_key(envelope, item),
        topic=(as_text(envelope.get("topic")) or "")[:_NAME_LIMIT],
        workspace_id=as_text(envelope.get("app_id")),
        created_at=as_instant(envelope.get("created_at")),
        item=item,
    )


def _decode(body: bytes) -> JsonObject:
    try:
        envelope = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise NotAnEnvelope("the body is not valid JSON") from fault
    if not isinstance(envelope, dict):
        raise NotAnEnvelope("the body is not a JSON object")
    return as_object(without_nul(envelope)) if _NUL in body else envelope


def _key(envelope: JsonObject, item: JsonObject) -> str:
    """Intercom's id; without one, what makes the notification what it is."""
    told = as_text(envelope.get("id"))
    if told:
        return told[:_NAME_LIMIT]
    identity = [
        envelope.get("topic"),
        envelope.get("app_id"),
        item.get("id") or item.get("conversation_id") or item,
        envelope.get("created_at"),
    ]
    digest = hashlib.blake2b(msgspec.json.encode(identity, order="deterministic"), digest_size=16)
    return f"hash:{digest.hexdigest()}"
