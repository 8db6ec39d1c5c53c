"""Which ids a complete read came across: eight bytes each, so that a million stay small. Pure."""

import hashlib
from array import array
from collections.abc import Iterable

import numpy as np

from pulsescore.store.records import ObjectKind


class Seen:
    """Ids by kind, remembered as digests."""

    def __init__(self) -> None:
        self._digests: dict[ObjectKind, array[int]] = {}

    def add(self, kind: ObjectKind, external_id: str) -> None:
        """Remember an id."""
        self._digests.setdefault(kind, array("Q")).append(_digest(external_id))

    def split(self, kind: ObjectKind, ids: Iterable[str]) -> tuple[list[str], list[str]]:
        """Those of the ids that were seen, and those that were not."""
        known = list(ids)
        seen = np.frombuffer(self._digests.get(kind, array("Q")), dtype=np.uint64)
        wanted = np.array([_digest(one) for one in known], dtype=np.uint64)
        is_seen = np.isin(wanted, seen)
        return (
            [one for one, found in zip(known, is_seen, strict=True) if found],
            [one for one, found in zip(known, is_seen, strict=True) if not found],
        )


def _digest(external_id: str) -> int:
    return int.from_bytes(hashlib.blake2b(external_id.encode(), digest_size=8).digest())
