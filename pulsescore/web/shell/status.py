"""The public status: each part of the installation in a word, and nothing of anybody's data."""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from pulsescore import __version__
from pulsescore.core.clock import utcnow
from pulsescore.pipeline.health import Report, State, recent_report

PATHS = {"/status": "html", "/status.json": "json"}


class StatusMiddleware:
    """Answers for the status before anything that needs the database, which may be away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The status, or whatever else was asked for."""
        return status(request) if request.path in PATHS else self.get_response(request)


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """How the parts stand, for people or programs; 503 where one of them does not work."""
    now = utcnow()
    report = recent_report(now=now)
    code = 503 if report.state is State.DOWN else 200
    if PATHS.get(request.path) == "json":
        response: HttpResponse = JsonResponse(as_json(report, now=now), status=code)
    else:
        context = {"report": report, "version": __version__, "now": now, "theme": "auto"}
        response = HttpResponse(render_to_string("shell/status.html", context), status=code)
    add_never_cache_headers(response)
    return response


def as_json(report: Report, *, now: datetime) -> dict[str, object]:
    """The report for monitors."""
    return {
        "status": report.state.value,
        "version": __version__,
        "checked_at": report.checked_at.isoformat(),
        "answered_at": now.isoformat(),
        "parts": [
            {"key": part.key, "name": part.name, "status": part.state.value, "words": part.words}
            for part in report.parts
        ],
    }
