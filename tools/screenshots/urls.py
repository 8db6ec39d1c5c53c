"""The product's addresses, and one for each error page: DEBUG would hide them."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path

from pulsescore.urls import handler400, handler403, handler404, handler500
from pulsescore.urls import urlpatterns as product
from pulsescore.web.shell import errors

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def show(request: HttpRequest, status: int) -> HttpResponse:
    """The page of one kind of error, as people meet it."""
    told = Exception("This connection is disconnected; reconnect it to sync.")
    pages = {
        400: lambda: errors.bad_request(request),
        403: lambda: errors.form_expired(request),
        404: lambda: errors.not_found(request),
        409: lambda: errors.conflict(request, told),
        429: lambda: errors.too_many(request, Exception("Too many attempts in ten minutes.")),
        500: lambda: errors.failed(request),
    }
    return pages[status]()


urlpatterns: list[URLPattern | URLResolver] = [path("errors/<int:status>", show), *product]
