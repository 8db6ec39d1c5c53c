"""The one scroll over companies that a workspace may have open at a time."""

import uuid
from dataclasses import dataclass

from intercom_sim.model import Company
from intercom_sim.rest.errors import ApiError

IDLE_SECS = 60
PAGE = 100


@dataclass
class _Open:
    token: str
    companies: list[Company]
    position: int
    used_at: float


class Scroll:
    """Opens, continues and forgets the scroll; times are unix seconds."""

    def __init__(self) -> None:
        self._open: _Open | None = None

    def start(self, companies: list[Company], *, now: float) -> tuple[str, list[Company]]:
        """Open it; 400 `scroll_exists` while another one lives."""
        if self._open is not None and now - self._open.used_at < IDLE_SECS:
            message = "scroll already exists for this workspace"
            raise ApiError(400, "scroll_exists", message)
        self._open = _Open(str(uuid.uuid4()), companies, 0, now)
        return self._next(now=now)

    def resume(self, token: str, *, now: float) -> tuple[str, list[Company]]:
        """Continue it; 404 once it was idle for a minute, or ended."""
        known = self._open
        if known is None or known.token != token or now - known.used_at >= IDLE_SECS:
            raise ApiError(404, "not_found", "scroll parameter not found")
        return self._next(now=now)

    def _next(self, *, now: float) -> tuple[str, list[Company]]:
        known = self._open
        if known is None:
            return "", []
        page = known.companies[known.position : known.position + PAGE]
        known.position += PAGE
        known.used_at = now
        if not page:
            self._open = None
        return known.token, page
