"""Addresses of the API, its documentation and the probes."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.decorators.csrf import csrf_exempt

from pulsescore.api import probes
from pulsescore.api.problems import problem
from pulsescore.api.reference import reference
from pulsescore.api.v1 import api


@csrf_exempt
def unknown(_request: HttpRequest) -> HttpResponse:
    """Nothing lives here; said in JSON, since the caller is a program."""
    return problem(404)


urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("api/docs", reference, name="api_reference"),
    re_path(r"^api/", unknown),
    path("healthz", probes.healthz),
    path("readyz", probes.readyz),
    path("metrics", probes.metrics),
]
