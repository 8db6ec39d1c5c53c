"""The product's addresses, and some that fail in each way a page can fail."""

from typing import NoReturn

import structlog
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path

from pulsescore.accounts.throttle import TooMany
from pulsescore.core.errors import Conflict
from pulsescore.urls import handler400, handler403, handler404, handler500
from pulsescore.urls import urlpatterns as product

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def broken(_request: HttpRequest) -> NoReturn:
    raise ZeroDivisionError("a fault of ours, with somebody@example.com in it")


def unreadable(_request: HttpRequest) -> NoReturn:
    raise BadRequest("cut off")


def contradictory(_request: HttpRequest) -> NoReturn:
    raise Conflict("This connection is disconnected; reconnect it to sync.")


def too_often(_request: HttpRequest) -> NoReturn:
    raise TooMany(60)


def logged_name(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(structlog.contextvars.get_contextvars()["request_id"]))


def fields(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(request.POST)))


urlpatterns: list[URLPattern | URLResolver] = [
    path("fails/broken", broken),
    path("fails/unreadable", unreadable),
    path("fails/contradictory", contradictory),
    path("fails/too-often", too_often),
    path("fails/logged-name", logged_name),
    path("fails/fields", fields),
    *product,
]
