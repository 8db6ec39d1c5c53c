"""The pages for what cannot be shown: each says what happened and where to go on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be read."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: a role is missing."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page in this organization."""
    return render(request, "404.html", status=404)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form's protection against forgery is missing or too old."""
    return render(request, "form_expired.html", status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """500: our fault; shown without asking the database for anything."""
    return render(request, "500.html", status=500)
