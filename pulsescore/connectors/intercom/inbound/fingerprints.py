"""Records recognised as they came: what was read before the same way need not be read again.

A fingerprint is a digest of a record's bytes, of all that was looked up to read it, and of the code
that reads it: whoever changes that code reads everything anew.

That code is read here when it is loaded. A process that outlives an upgrade goes on reading with
the code that it has, and must not sign with the one that has taken its place.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

_SIZE: Final = 16
# Of more than that hashlib lets other threads go first, and waits for its turn after each record.
_AT_ONCE: Final = 2047
_PACKAGE: Final = Path(__file__).parents[3]
# What turns bytes into records, and records into what is compared with those that are stored.
READS: Final = (
    "connectors/intercom/api/pages.py",
    "connectors/intercom/api/schemas.py",
    "connectors/intercom/contact_attributes.py",
    "connectors/intercom/conversation_facts.py",
    "connectors/intercom/inbound/fingerprints.py",
    "connectors/intercom/inbound/pieces.py",
    "connectors/intercom/inbound/raw_pages.py",
    "connectors/intercom/mapping.py",
    "connectors/intercom/plain_text.py",
    "connectors/intercom/times.py",
    "store/door.py",
    "store/kinds.py",
    "store/records.py",
    "store/scrub.py",
)
_encode = msgspec.msgpack.Encoder().encode


def fingerprint(record: bytes, looked_up: Iterable[object]) -> bytes:
    """Of a record as it was sent, and of what was looked up for it (of types of JSON)."""
    digest = hashlib.blake2b(digest_size=_SIZE, key=_READER)
    view = memoryview(record)
    for start in range(0, len(view), _AT_ONCE):
        digest.update(view[start : start + _AT_ONCE])
    found = [*looked_up]
    if any(found):
        # no JSON holds a zero byte
        digest.update(b"\0" + _encode(found))
    return digest.digest()


def _digest_of_code() -> bytes:
    digest = hashlib.blake2b(digest_size=_SIZE)
    for name in READS:
        digest.update((_PACKAGE / name).read_bytes())
    return digest.digest()


_READER: Final = _digest_of_code()
