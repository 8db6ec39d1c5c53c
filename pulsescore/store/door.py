"""The door: makes each incoming record storable and comparable, or says why it cannot be. Pure.

What passes has its version cut to the second, its e-mail trimmed ('' is none), its lists sorted
and without repetitions, and a digest of all it says. Two records with one digest say the same.
"""

import hashlib
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import msgspec
from msgspec import UNSET, Struct

from pulsescore.store import scrub
from pulsescore.store.kinds import Kind, Sourced

# Deterministic, so that the order of keys in a JSON document is not a difference.
_encode = msgspec.json.Encoder(order="deterministic").encode
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_LARGEST_RECORD_BYTES = 1_000_000
_CENT = Decimal("0.01")


class Unacceptable(Exception):
    """The record cannot be stored; the message says why."""


class Entry(Struct, gc=False):
    """A record that passed: what it says, when that was seen, and its digest.

    `line` is the row that it makes if nothing is stored of its thing, where that was expected and
    formatted beforehand (`stored_state.told_line`).
    """

    record: Sourced
    observed_at: datetime
    authoritative: bool
    digest: bytes
    line: bytes | None = None
    fingerprint: bytes | None = None


def admit(kind: Kind, record: Sourced) -> Entry:
    """Check and normalise one record; raises `Unacceptable`."""
    said = _normalise(kind, record)
    try:
        encoded = _encode(said)
        # most records hold no escape at all, which is seen much faster
        if b"\\" in encoded and b"\\u0000" in encoded:
            said = scrub.struct(said)
            encoded = _encode(said)
    except UnicodeEncodeError:
        said = scrub.struct(said)
        encoded = _encode_safely(said)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise Unacceptable(f"cannot be written as JSON: {error}") from None
    _check(kind, said, size=len(encoded))
    return Entry(
        said,
        record.observed_at,
        record.authoritative,
        digest_of(encoded),
        fingerprint=record.fingerprint or None,
    )


def digest_of_record(kind: Kind, record: Sourced) -> bytes | None:
    """The digest that a record saying this would have, if it passed the door."""
    try:
        return digest_of(_encode(_normalise(kind, record)))
    except (TypeError, ValueError, OverflowError, RecursionError):
        return None


def digest_of(encoded: bytes) -> bytes:
    """A short digest of an encoded record."""
    return hashlib.blake2b(encoded, digest_size=16).digest()


def _encode_safely(record: Sourced) -> bytes:
    try:
        return _encode(record)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise Unacceptable(f"cannot be written as JSON: {error}") from None


def _normalise(kind: Kind, record: Sourced) -> Sourced:
    """The record without what does not belong to its content (when it was seen, and how)."""
    changes: dict[str, Any] = {
        "observed_at": _NO_TIME,
        "authoritative": False,
        "fingerprint": UNSET,
    }
    version = record.version
    if version is not None and version.microsecond:
        changes["version"] = version.replace(microsecond=0)
    for name in kind.lists:
        items = getattr(record, name)
        if items is not UNSET and len(items) > 1:
            changes[name] = sorted(set(items))
    if kind.name == "customer":
        email = record.email  # type: ignore[union-attr]
        if email is not UNSET and email is not None:
            changes["email"] = email.strip() or None
    elif kind.name == "company":
        spend = record.monthly_spend  # type: ignore[union-attr]
        if isinstance(spend, Decimal) and spend.is_finite() and abs(spend) < 10**12:
            changes["monthly_spend"] = spend.quantize(_CENT, ROUND_HALF_UP)
    return msgspec.structs.replace(record, **changes)


def _check(kind: Kind, record: Sourced, *, size: int) -> None:
    if size > _LARGEST_RECORD_BYTES:
        raise Unacceptable(f"larger than {_LARGEST_RECORD_BYTES:,} bytes")
    if not record.external_id:
        raise Unacceptable("has no id")
    layout = kind.layout
    for value, (name, limit) in zip(layout.texts(record), layout.text_limits, strict=True):
        if value and len(value) > limit:
            raise Unacceptable(f"{name} is longer than {limit} characters")
    for value, (name, limit) in zip(layout.numbers(record), layout.number_limits, strict=True):
        if value and not _is_within(value, limit):
            raise Unacceptable(f"{name} is out of range")
    for value in layout.instants(record):
        if value and value.tzinfo is None:
            raise Unacceptable("an instant has no time zone")
    for name in kind.named(record):
        if not 0 < len(name) <= scrub.LONGEST_ID:
            raise Unacceptable(f"{kind.links} names an impossible id")


def _is_within(number: int | Decimal, limit: int) -> bool:
    if number.__class__ is not int and isinstance(number, Decimal) and not number.is_finite():
        return False
    return -limit <= number <= limit
