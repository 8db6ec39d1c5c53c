"""A short name for each request: in every line of the log, in the answer, and on error pages."""

import re
import secrets
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
# What a proxy in front named already keeps its name, if it is one that can harm no log.
_ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestIdMiddleware:
    """`request.id`, the same as in the log lines and in the header of the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Name the request for as long as it is worked on."""
        name = request_id(request.headers.get(HEADER, ""))
        request.id = name  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(request_id=name):
            response = self.get_response(request)
        response[HEADER] = name
        return response


def request_id(proposed: str) -> str:
    """The proposed name if it is acceptable, else a fresh one."""
    return proposed if _ACCEPTABLE.fullmatch(proposed) else secrets.token_hex(6)
