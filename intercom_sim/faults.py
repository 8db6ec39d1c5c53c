"""Troubles on request: slowness, errors, silence and broken connections."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Planned:
    """The next `count` requests whose path starts with `path` are answered `status`."""

    path: str
    status: int
    count: int
    code: str | None = None
    method: str | None = None


@dataclass
class Faults:
    """The switches; rates are chances from 0 to 1. Dice are seeded, so runs can be repeated.

    `expire_cursors` refuses all cursors, `cursors_to_expire` the next so many. `refused_filters`
    names fields of searches, each with operators that are not supported on it.
    """

    latency_ms: float = 0
    jitter_ms: float = 0
    error_rates: dict[int, float] = field(default_factory=dict)
    hang_rate: float = 0
    hang_secs: float = 30
    cut_rate: float = 0
    expire_cursors: bool = False
    cursors_to_expire: int = 0
    planned: list[Planned] = field(default_factory=list)
    denied: dict[str, int] = field(default_factory=dict)
    refused_filters: dict[str, list[str]] = field(default_factory=dict)
    dice: random.Random = field(default_factory=lambda: random.Random(11))

    def delay_secs(self) -> float:
        """How long this request is to wait before it is looked at."""
        jitter = self.dice.uniform(0, self.jitter_ms) if self.jitter_ms else 0
        return (self.latency_ms + jitter) / 1000

    def hangs(self) -> bool:
        """Whether this request is left without an answer for `hang_secs`."""
        return bool(self.hang_rate) and self.dice.random() < self.hang_rate

    def cuts(self) -> bool:
        """Whether this answer breaks off half-way."""
        return bool(self.cut_rate) and self.dice.random() < self.cut_rate

    def error(self, method: str, path: str) -> tuple[int, str | None] | None:
        """The status (and code) this request is refused with, if any."""
        for prefix, status in self.denied.items():
            if path.startswith(prefix):
                return status, None
        for one in self.planned:
            if path.startswith(one.path) and one.method in (None, method):
                one.count -= 1
                if one.count <= 0:
                    self.planned.remove(one)
                return one.status, one.code
        for status, rate in self.error_rates.items():
            if rate and self.dice.random() < rate:
                return status, None
        return None

    def expires(self) -> bool:
        """Whether the cursor of this request is refused."""
        if self.cursors_to_expire <= 0:
            return self.expire_cursors
        self.cursors_to_expire -= 1
        return True

    def refused_filter(self, query: object) -> tuple[str, str] | None:
        """Field and operator of the first filter of a search that is not supported."""
        for one in _filters(query) if self.refused_filters else ():
            if one.get("operator") in self.refused_filters.get(str(one.get("field")), ()):
                return str(one["field"]), str(one["operator"])
        return None

    def plan(
        self,
        path: str,
        *,
        status: int,
        count: int = 1,
        code: str | None = None,
        method: str | None = None,
    ) -> None:
        """Let the next `count` requests to `path` (a prefix) fail."""
        self.planned.append(Planned(path, status, count, code, method))


def _filters(query: object) -> Iterator[dict[str, Any]]:
    if isinstance(query, dict):
        if "field" in query:
            yield query
        yield from _filters(query.get("value"))
    elif isinstance(query, list):
        for one in query:
            yield from _filters(one)
