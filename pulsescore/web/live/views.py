"""Answers an open page: nothing changed (204), this changed (200), or it must stop asking."""

from typing import cast

from csp.decorators import csp_exempt
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from pulsescore.pipeline.changes import Mark, Seen, read_mark
from pulsescore.web.pages import PageRequest

# Seconds until the next question: while a run is under way, and otherwise.
MOVING_SECS, STILL_SECS = 2, 5
NEXT_HEADER = "Pulse-Next"


@require_GET
@never_cache
@csp_exempt()
def live(request: HttpRequest) -> HttpResponse:
    """What changed since the state that the page has seen (`seen`).

    401 for who is logged out, 403 for who belongs nowhere any more, 409 when the browser has moved
    on to another organization than the page shows. None of them redirects: a script asks.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"stop": "logged_out"}, status=401)
    if getattr(request, "actor", None) is None:
        return JsonResponse({"stop": "no_organization"}, status=403)
    member = cast("PageRequest", request)
    before = Seen.parse(request.GET.get("seen", ""))
    if before is not None and before.org_id != member.actor.org_id:
        return JsonResponse(
            {"stop": "other_organization", "organization": member.organization.name}, status=409
        )
    return _answer(before, read_mark(member.actor.org_id, member.user.pk))


def next_secs(mark: Mark) -> int:
    """How long an open page waits before it asks again."""
    return MOVING_SECS if mark.is_moving else STILL_SECS


def _answer(before: Seen | None, mark: Mark) -> HttpResponse:
    if before == mark.seen:
        response = HttpResponse(status=204)
        del response["Content-Type"]
    else:
        kinds = mark.seen.kinds_changed_since(before) if before else []
        response = JsonResponse({"seen": mark.seen.token, "changed": kinds})
    response[NEXT_HEADER] = str(next_secs(mark))
    return response
