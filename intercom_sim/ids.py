"""Ids that look like Intercom's and are the same for the same seed."""

import random
import uuid


class IdSource:
    """Hands out ids; `rng` makes the opaque ones, counters the others."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)
        self._hex = 0x6762F0941BB6
        self._conversation = 215_472_600_000_000
        self._part = 21_000_000_000
        self._tag = 9_400_000
        self._admin = 991_267_400
        self._number = 5_017_000

    def hex24(self) -> str:
        """An object id, as contacts, companies and segments have."""
        self._hex += self._rng.randrange(1, 9)
        return f"{self._hex:012x}{self._rng.getrandbits(48):012x}"

    def conversation(self) -> str:
        self._conversation += self._rng.randrange(1, 40)
        return str(self._conversation)

    def part(self) -> int:
        self._part += 1
        return self._part

    def tag(self) -> str:
        self._tag += 7
        return str(self._tag)

    def admin(self) -> str:
        self._admin += 3
        return str(self._admin)

    def number(self) -> int:
        self._number += 1
        return self._number

    def uuid(self) -> str:
        return str(uuid.UUID(int=self._rng.getrandbits(128), version=4))
