"""Puts the acting member and their organization on each request, and answers refusals in words."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from pulsescore.accounts import queries
from pulsescore.accounts.access import SESSION_ORG_KEY, Actor
from pulsescore.accounts.models import Role, User
from pulsescore.accounts.throttle import TooMany
from pulsescore.core.errors import Conflict, Forbidden, NotFound
from pulsescore.web.shell import errors

PAGES: dict[type[Exception], Callable[[HttpRequest, Exception], HttpResponse]] = {
    Forbidden: errors.forbidden,
    NotFound: errors.gone,
    Conflict: errors.conflict,
    TooMany: errors.too_many,
}
NOT_PAGES = ("/api/", "/static/", "/healthz", "/readyz", "/metrics", "/v1/")


class MemberMiddleware:
    """`request.actor` and `request.organization` of the chosen, else the first, organization."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Resolve the member for pages; the API resolves its own callers."""
        if request.path.startswith(NOT_PAGES):
            return self.get_response(request)
        _admit(request)
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn a domain refusal into the page that explains it."""
        if request.path.startswith(NOT_PAGES):
            return None
        page = next((page for kind, page in PAGES.items() if isinstance(error, kind)), None)
        return page(request, error) if page else None


def _admit(request: HttpRequest) -> None:
    request.actor = request.organization = None  # type: ignore[attr-defined]
    user = request.user
    if not isinstance(user, User):
        return
    memberships = list(queries.list_memberships(user))
    request.memberships = memberships  # type: ignore[attr-defined]
    _use_time_zone(user.time_zone)
    if not memberships:
        return
    chosen = request.session.get(SESSION_ORG_KEY)
    here = next((one for one in memberships if one.org_id == chosen), memberships[0])
    request.actor = Actor(user=user, org_id=here.org_id, role=Role(here.role), via="session")  # type: ignore[attr-defined]
    request.organization = here.org  # type: ignore[attr-defined]


def _use_time_zone(name: str) -> None:
    try:
        timezone.activate(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError):
        timezone.deactivate()
