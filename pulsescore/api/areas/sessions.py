"""Where a person is logged in by browser, and ending that."""

from datetime import datetime

from ninja import Router, Status
from pydantic import BaseModel

from pulsescore.accounts import browser_sessions, devices
from pulsescore.accounts.models import BrowserSession
from pulsescore.api.callers import PersonRequest, person
from pulsescore.core.clock import utcnow

router = Router(tags=["Sessions"], auth=person)


class SessionOut(BaseModel):
    """A log-in of a browser; `current` is the one that asks."""

    id: int
    device: str
    address: str
    current: bool
    created_at: datetime
    last_seen_at: datetime


class SessionsOut(BaseModel):
    """All log-ins that still work."""

    sessions: list[SessionOut]


@router.get("", response=SessionsOut)
def list_sessions(request: PersonRequest) -> SessionsOut:
    """Log-ins by browser, the latest used first."""
    rows = browser_sessions.list_sessions(request.auth, now=utcnow())
    own = request.session.session_key
    return SessionsOut(sessions=[_show(one, own) for one in rows])


@router.delete("/{id:session_id}", response={204: None})
def end_session(request: PersonRequest, session_id: int) -> Status[None]:
    """End one log-in."""
    browser_sessions.end(request.auth, session_id=session_id)
    return Status(204, None)


@router.delete("", response={204: None})
def end_sessions(request: PersonRequest) -> Status[None]:
    """End every log-in by browser, but the one that asks."""
    browser_sessions.end_all(request.auth, keep=request.session.session_key)
    return Status(204, None)


def _show(session: BrowserSession, own_key: str | None) -> SessionOut:
    return SessionOut(
        id=session.pk,
        device=devices.describe(session.user_agent),
        address=session.address,
        current=session.session_key == own_key,
        created_at=session.created_at,
        last_seen_at=session.last_seen_at,
    )
