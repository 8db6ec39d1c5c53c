"""Beginning a browser's session."""

from django.contrib.auth import login
from django.http import HttpRequest

from pulsescore.accounts.access import SESSION_ORG_KEY
from pulsescore.accounts.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"


def enter(request: HttpRequest, user: User, *, org_id: int | None = None) -> None:
    """Begin a fresh session for this person, looking at this organization."""
    login(request, user, backend=BACKEND)
    if org_id is not None:
        request.session[SESSION_ORG_KEY] = org_id


def address_of(request: HttpRequest) -> str:
    """The network address that attempts are counted for."""
    return str(request.META.get("REMOTE_ADDR", ""))
