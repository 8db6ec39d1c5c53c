"""The pages for what cannot be shown: what happened, what it means, and what to do."""

from collections.abc import Iterable

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from pulsescore.core.clock import utcnow


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be read; 413 where it was too large."""
    if isinstance(exception, RequestDataTooBig):
        return plain(request, "413.html", status=413)
    return plain(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: a role is missing."""
    return framed(request, "403.html", status=403, why=_words(exception))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page in this organization."""
    return framed(request, "404.html", status=404)


def gone(request: HttpRequest, error: Exception) -> HttpResponse:
    """404: no such thing in this organization."""
    return framed(request, "404.html", status=404, why=_words(error))


def not_allowed(request: HttpRequest, allowed: Iterable[str]) -> HttpResponse:
    """405: the address does something, and is not a page to look at."""
    response = framed(request, "405.html", status=405)
    response["Allow"] = ", ".join(allowed)
    return response


def conflict(request: HttpRequest, error: Exception) -> HttpResponse:
    """409: it contradicts what is stored."""
    return framed(request, "409.html", status=409, why=_words(error))


def too_many(request: HttpRequest, error: Exception) -> HttpResponse:
    """429: too often."""
    return framed(request, "429.html", status=429, why=_words(error))


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form's protection against forgery is missing or too old."""
    return framed(request, "form_expired.html", status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """500: our fault; shown without asking the database for anything."""
    return plain(request, "500.html", status=500)


def framed(request: HttpRequest, template: str, *, status: int, **context: str) -> HttpResponse:
    """Inside the frame for members, so that they go on from there; a quiet column for others."""
    frame = "base.html" if getattr(request, "actor", None) else "gate.html"
    return render(request, template, {**_facts(request), **context, "frame": frame}, status=status)


def plain(request: HttpRequest, template: str, *, status: int) -> HttpResponse:
    """Without frame, person and database: the fault may be any of them."""
    context = {**_facts(request), "frame": "gate.html", "theme": "auto"}
    return HttpResponse(render_to_string(template, context), status=status)


def _facts(request: HttpRequest) -> dict[str, object]:
    return {
        "error_id": getattr(request, "id", ""),
        "error_at": utcnow(),
        "error_path": request.path,
        "now": utcnow(),
    }


def _words(error: Exception | None) -> str:
    return str(error) if error else ""
