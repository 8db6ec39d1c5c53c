"""Which ids a complete read came across: eight bytes each, so that a million stay small. Pure."""

import hashlib
from array import array
from collections.abc import Iterable, Iterator
from itertools import compress, islice

import numpy as np
from numpy.typing import NDArray

from pulsescore.store.records import ObjectKind

_AT_A_TIME = 10_000


class Seen:
    """Ids by kind, remembered as digests; what is asked for may be longer than memory is large."""

    def __init__(self) -> None:
        self._digests: dict[ObjectKind, array[int]] = {}

    def add(self, kind: ObjectKind, external_id: str) -> None:
        """Remember an id."""
        self._digests.setdefault(kind, array("Q")).append(_digest(external_id))

    def met(self, kind: ObjectKind, ids: Iterable[str]) -> list[str]:
        """Those of the ids that were seen."""
        return [one for some, seen in self._looked_up(kind, ids) for one in compress(some, seen)]

    def missing(self, kind: ObjectKind, ids: Iterable[str]) -> list[str]:
        """Those of the ids that were not."""
        return [one for some, seen in self._looked_up(kind, ids) for one in compress(some, ~seen)]

    def _looked_up(
        self, kind: ObjectKind, ids: Iterable[str]
    ) -> Iterator[tuple[list[str], NDArray[np.bool_]]]:
        """The ids, some at a time, each with whether it was seen."""
        known = np.sort(np.frombuffer(self._digests.get(kind, array("Q")), dtype=np.uint64))
        waiting = iter(ids)
        while some := list(islice(waiting, _AT_A_TIME)):
            wanted = np.array([_digest(one) for one in some], dtype=np.uint64)
            if not known.size:
                yield some, np.zeros(len(some), dtype=np.bool_)
                continue
            places = np.minimum(np.searchsorted(known, wanted), known.size - 1)
            yield some, known[places] == wanted


def _digest(external_id: str) -> int:
    return int.from_bytes(hashlib.blake2b(external_id.encode(), digest_size=8).digest())
