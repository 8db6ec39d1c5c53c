"""System status."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """Whether the parts work, for everybody to see."""
    parts = [("Pages and API", True), ("Database", _database_answers())]
    working = all(works for _, works in parts)
    context = {"parts": parts, "working": working}
    return render(request, "shell/status.html", context, status=200 if working else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True
