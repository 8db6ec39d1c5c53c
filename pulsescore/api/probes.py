"""Probes for operators: is the process alive, can it serve, and its figures for Prometheus."""

from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, Counter, generate_latest

REQUESTS = Counter(
    "pulsescore_api_requests_total", "Requests answered by the REST API.", ["method", "status"]
)


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """The process can serve: the database answers and every migration is applied."""
    checks = {"database": _database_answers()}
    checks["migrations"] = checks["database"] and _migrated()
    ready = all(checks.values())
    words = {name: "ok" if fine else "failed" for name, fine in checks.items()}
    body = {"status": "ok" if ready else "unavailable", "checks": words}
    return JsonResponse(body, status=200 if ready else 503)


@require_safe
def metrics(_request: HttpRequest) -> HttpResponse:
    """Counters of this process in Prometheus' text format."""
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def count_request(request: HttpRequest, response: HttpResponse) -> None:
    """Count one answer of the API."""
    known = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
    method = request.method if request.method in known else "other"
    REQUESTS.labels(method=method, status=str(response.status_code)).inc()


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _migrated() -> bool:
    try:
        return _fully_migrated()
    except (_NotYet, DatabaseError):
        return False


class _NotYet(Exception):
    """Some migration is not applied."""


@cache
def _fully_migrated() -> bool:
    """True, remembered: what was applied stays so while this code runs; "no" is asked again."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise _NotYet
    return True
