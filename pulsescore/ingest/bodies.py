"""A request's body to calls: sizes, batches, and which items cannot be accepted. Pure."""

import zlib
from datetime import datetime
from typing import Final, NamedTuple

import msgspec
from msgspec import Raw, Struct

from pulsescore.ingest.calls import CALL_LIMIT, TYPES, Call, CallFault, parse_call

BATCH_LIMIT: Final = 500 * 1024
MOST_CALLS: Final = 2_500
BATCHES: Final = ("batch", "import")
METHODS: Final = (*TYPES, *BATCHES)


class BodyFault(ValueError):
    """A body cannot be accepted at all; `status` is 400 or 413."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Rejected(Struct, frozen=True):
    """A call that was left out: its place in the batch, the field, and what is wrong."""

    index: int
    field: str
    message: str


class Parsed(NamedTuple):
    """What a request brought."""

    calls: list[Call]
    rejected: list[Rejected]


class _Batch(Struct):
    batch: list[Raw]
    sentAt: str | None = None  # noqa: N815 - the protocol's name


class _Keyed(Struct):
    writeKey: str | None = None  # noqa: N815 - the protocol's name


_decode_batch = msgspec.json.Decoder(_Batch).decode
_decode_keyed = msgspec.json.Decoder(_Keyed).decode
_encode_calls = msgspec.msgpack.Encoder().encode
_decode_calls = msgspec.msgpack.Decoder(list[Call]).decode


def limit_of(method: str) -> int:
    """The most bytes a body may have."""
    return BATCH_LIMIT if method in BATCHES else CALL_LIMIT


def too_large(method: str) -> BodyFault:
    """The fault of a body beyond its limit."""
    what = "A batch has at most 500 kB." if method in BATCHES else "A call has at most 32 kB."
    return BodyFault(413, what)


def unzipped(body: bytes, *, method: str) -> bytes:
    """The body that a sender compressed; raises `BodyFault`, also for one that would be huge."""
    limit = limit_of(method)
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    try:
        plain = unpacker.decompress(body, limit + 1)
    except zlib.error:
        raise BodyFault(400, "The body is not compressed as its header says.") from None
    if len(plain) > limit:
        raise too_large(method)
    if not unpacker.eof:
        raise BodyFault(400, "The compressed body ends too early.")
    return plain


def write_key_of(body: bytes) -> str | None:
    """The write key within a body, where a sender could not set a header."""
    try:
        return _decode_keyed(body).writeKey
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def parse(method: str, body: bytes, *, received_at: datetime) -> Parsed:
    """The calls of a body; raises `BodyFault` where none of it can be read."""
    if len(body) > limit_of(method):
        raise too_large(method)
    if method not in BATCHES:
        return _collect([body], received_at=received_at, kind=method, sent_at=None)
    try:
        batch = _decode_batch(body)
    except msgspec.ValidationError:
        raise BodyFault(400, 'A batch is an object with a list: {"batch": […]}.') from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BodyFault(400, "The body is not JSON.") from None
    if len(batch.batch) > MOST_CALLS:
        raise BodyFault(400, f"A batch has at most {MOST_CALLS} calls.")
    items = [bytes(item) for item in batch.batch]
    return _collect(items, received_at=received_at, kind=None, sent_at=batch.sentAt)


def pack(calls: list[Call]) -> bytes:
    """Calls as they are kept until they are applied."""
    return _encode_calls(calls)


def unpack(packed: bytes) -> list[Call]:
    """Calls that `pack` wrote."""
    return _decode_calls(packed)


def _collect(
    items: list[bytes], *, received_at: datetime, kind: str | None, sent_at: str | None
) -> Parsed:
    calls: list[Call] = []
    rejected: list[Rejected] = []
    for index, item in enumerate(items):
        try:
            calls.append(parse_call(item, received_at=received_at, kind=kind, sent_at=sent_at))
        except CallFault as fault:
            rejected.append(Rejected(index, fault.field, fault.message))
    return Parsed(calls, rejected)
