"""What every request to the API passes: size, repeats, and problem+json whatever went wrong."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from pulsescore.accounts.access import Unauthenticated
from pulsescore.api import idempotency, probes, rate
from pulsescore.api.body import check_size, raise_if_unstorable
from pulsescore.api.credentials import identify
from pulsescore.api.problems import CONTENT_TYPE, from_rejection, problem
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Rejected

PREFIX = "/api/"
_PAGES = frozenset({"/api/docs"})
_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_FIRST_ERROR = 400

View = Callable[[HttpRequest], HttpResponse]


class ApiGate:
    """Middleware for everything beneath `/api/`; other addresses pass untouched."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and never with anything but JSON."""
        if not request.path.startswith(PREFIX) or request.path in _PAGES:
            return self.get_response(request)
        try:
            response = self._answer(request)
        except Rejected as refusal:
            response = from_rejection(request, refusal)
        response = _as_problem(response)
        rate.tell(request, response)
        probes.count_request(request, response)
        response.setdefault("Cache-Control", "no-store")
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        check_size(request)
        raise_if_unstorable(request.GET.dict())
        if request.method not in _WRITES or idempotency.HEADER not in request.headers:
            return self.get_response(request)
        try:
            caller = identify(request)
        except Unauthenticated:
            # Signing up and in are for strangers, and never repeated from memory.
            return self.get_response(request)
        return idempotency.answer(request, caller, self.get_response, now=utcnow())


def _as_problem(response: HttpResponse) -> HttpResponse:
    if response.status_code < _FIRST_ERROR or response["Content-Type"] == CONTENT_TYPE:
        return response
    told = problem(response.status_code)
    if "Allow" in response:
        told["Allow"] = response["Allow"]
    return told
