"""One notification on its way, and the log of all of them."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

KEPT = 2_000
Fate = Literal["pending", "delivered", "retrying", "failed", "dropped"]


@dataclass
class Attempt:
    """One try; `status` is the answer's, `error` why there was none. Times are unix seconds."""

    at: float
    status: int | None = None
    error: str | None = None


@dataclass
class Delivery:
    """A notification: its exact body, its signature and what became of it."""

    id: str | None
    topic: str
    created_at: float
    body: bytes
    fate: Fate = "pending"
    attempts: list[Attempt] = field(default_factory=list)


class DeliveryLog:
    """The latest notifications, oldest first."""

    def __init__(self) -> None:
        self._kept: deque[Delivery] = deque(maxlen=KEPT)
        self.total = 0

    def add(self, delivery: Delivery) -> None:
        self.total += 1
        self._kept.append(delivery)

    def __iter__(self) -> Iterator[Delivery]:
        return iter(list(self._kept))

    def __len__(self) -> int:
        return len(self._kept)

    def clear(self) -> None:
        self._kept.clear()
        self.total = 0
