"""What every page shares: who is looking, what they may do, and how a view is declared."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django_htmx.middleware import HtmxDetails

from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Organization, Role, User
from pulsescore.pipeline.changes import Mark, read_mark
from pulsescore.web.shell import errors

P = ParamSpec("P")


class PageRequest(HttpRequest):
    """A request of a signed-in member; the middleware puts actor and organization on it.

    `mark` is the state of the organization before the page was read, for whole pages only.
    """

    user: User
    actor: Actor
    organization: Organization
    mark: Mark
    htmx: HtmxDetails


PageView = Callable[Concatenate[PageRequest, P], HttpResponseBase]


def member_page(
    *methods: str, role: Role = Role.MEMBER
) -> Callable[[PageView[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """Declare a view for members of at least `role`; `methods` defaults to GET.

    Strangers go to the log-in page and back; people without an organization make one first; a
    missing role is a 403 that says which role is needed.
    """
    allowed = methods or ("GET",)

    def declare(view: PageView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method not in _with_head(allowed):
                return errors.not_allowed(request, allowed)
            turned_away = _turn_away(request)
            if turned_away:
                return turned_away
            member = cast("PageRequest", request)
            member.actor.require(role)
            if request.method == "GET" and "HX-Request" not in request.headers:
                member.mark = read_mark(member.actor.org_id, member.user.pk)
            return view(member, *args, **kwargs)

        return guarded

    return declare


def _turn_away(request: HttpRequest) -> HttpResponse | None:
    if not request.user.is_authenticated:
        return _to_log_in(request)
    if getattr(request, "actor", None) is None:
        return redirect("organization_new")
    return None


def _to_log_in(request: HttpRequest) -> HttpResponse:
    """To the log-in and back; a part of a page would show it in its own place, so the page goes."""
    shown = urlsplit(request.headers.get("HX-Current-URL", ""))
    if "HX-Request" not in request.headers:
        return redirect_to_login(request.get_full_path())
    there = redirect_to_login(shown._replace(scheme="", netloc="").geturl() or "/")
    return HttpResponse(status=401, headers={"HX-Redirect": there["Location"]})


def partial(request: PageRequest, page: str, part: str, context: dict[str, Any]) -> HttpResponse:
    """Render the part that htmx asked for, or the whole page, from the same context."""
    wants_part = (
        request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request
    )
    response = render(request, part if wants_part else page, context)
    response["Vary"] = "HX-Request, Cookie"
    return response


def _with_head(methods: tuple[str, ...]) -> tuple[str, ...]:
    return (*methods, "HEAD") if "GET" in methods else methods
