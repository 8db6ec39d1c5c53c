"""What was asked of the API, so that it can be shown that nothing was written."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

KEPT = 20_000
KEPT_BODY = 4_096
READING_POSTS = ("/contacts/search", "/conversations/search", "/companies/list", "/tickets/search")


@dataclass(frozen=True, slots=True)
class Logged:
    """One request; headers come without the token, bodies are cut at 4 kB."""

    at: float
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    status: int
    request_id: str

    @property
    def is_write(self) -> bool:
        """Whether the request could have changed something in a workspace."""
        if self.path.startswith(("/auth/", "/oauth")):
            return False
        return self.method != "GET" and self.path not in READING_POSTS


class RequestLog:
    """The latest requests, oldest first, and how many there ever were."""

    def __init__(self) -> None:
        self._kept: deque[Logged] = deque(maxlen=KEPT)
        self.total = 0
        self.total_writes = 0

    def add(self, logged: Logged) -> None:
        self.total += 1
        self.total_writes += logged.is_write
        self._kept.append(logged)

    def __iter__(self) -> Iterator[Logged]:
        return iter(list(self._kept))

    def __len__(self) -> int:
        return len(self._kept)

    def writes(self) -> list[Logged]:
        """The requests that could have changed something."""
        return [one for one in self._kept if one.is_write]

    def clear(self) -> None:
        self._kept.clear()
        self.total = self.total_writes = 0
