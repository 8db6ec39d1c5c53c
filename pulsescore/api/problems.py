"""Every error of the API as RFC 9457 `application/problem+json`."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja.errors import HttpError, ValidationError

from pulsescore.accounts.access import Unauthenticated
from pulsescore.accounts.throttle import TooMany
from pulsescore.core.errors import (
    Conflict,
    FieldFault,
    Forbidden,
    Invalid,
    NotFound,
    OutsideError,
    PermanentError,
    Rejected,
)

CONTENT_TYPE = "application/problem+json"
_CHALLENGE = 'Bearer realm="PulseScore"'
_DETAILS = {
    400: "The request could not be read.",
    404: "There is nothing at this address.",
    405: "This address does not answer that method.",
    413: "The body is too large.",
    500: "Something went wrong on our side. The error was logged.",
}
_STATUS: tuple[tuple[type[Rejected], int], ...] = (
    (Unauthenticated, 401),
    (Forbidden, 403),
    (NotFound, 404),
    (Conflict, 409),
    (TooMany, 429),
    (Rejected, 422),
)


Raised = Exception | type[Exception]
Handler = Callable[[HttpRequest, Raised], HttpResponse]


class Malformed(Rejected):
    """The body is not JSON."""


class TooLarge(Rejected):
    """The body is larger than the API takes."""


def problem(
    status: int, detail: str = "", *, faults: Sequence[FieldFault] = (), **extra: Any
) -> HttpResponse:
    """A problem document; `about:blank` says that the title is the status's own phrase."""
    phrase = HTTPStatus(status).phrase
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": phrase,
        "status": status,
        "detail": detail or _DETAILS.get(status, phrase),
        **extra,
    }
    if faults:
        body["errors"] = [{"field": one.field, "message": one.message} for one in faults]
    response = JsonResponse(body, status=status, content_type=CONTENT_TYPE)
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = _CHALLENGE
    return response


def from_rejection(_request: HttpRequest, error: Raised) -> HttpResponse:
    """The problem a domain refusal becomes."""
    if isinstance(error, Invalid):
        return problem(422, "Some fields are wrong.", faults=error.faults)
    if isinstance(error, Malformed):
        return problem(400, str(error))
    if isinstance(error, TooLarge):
        return problem(413, str(error))
    status = next(code for kind, code in _STATUS if isinstance(error, kind))
    response = problem(status, str(error))
    if isinstance(error, TooMany):
        response["Retry-After"] = str(error.retry_after_secs)
    return response


def from_outside(_request: HttpRequest, error: Raised) -> HttpResponse:
    """The problem that a refusal of a service outside becomes: ours to tell, not ours to mend."""
    if isinstance(error, PermanentError):
        return problem(422, str(error))
    response = problem(503, str(error))
    response["Retry-After"] = "30"
    return response


def from_http_error(request: HttpRequest, error: Raised) -> HttpResponse:
    """The problem that a refusal of the framework becomes, or what it was caused by."""
    cause = error.__cause__ if isinstance(error, Exception) else None
    if isinstance(cause, Rejected):
        return from_rejection(request, cause)
    status = error.status_code if isinstance(error, HttpError) else 404
    return problem(status, str(error) if status not in _DETAILS else "")


def from_validation(_request: HttpRequest, error: Raised) -> HttpResponse:
    """The problem that fields of a wrong shape become, each by its plain path."""
    entries = error.errors if isinstance(error, ValidationError) else []
    return problem(422, "Some fields are wrong.", faults=[_fault(one) for one in entries])


HANDLERS: tuple[tuple[type[Exception], Handler], ...] = (
    (Rejected, from_rejection),
    (OutsideError, from_outside),
    (HttpError, from_http_error),
    (ValidationError, from_validation),
)


def _fault(entry: dict[str, Any]) -> FieldFault:
    source, *path = entry["loc"]
    if source == "body":
        # The body is one parameter of the view; its name means nothing to the caller.
        path = path[1:]
    elif source == "query" and len(path) > 1:
        path = path[1:]
    field = ".".join(str(part) for part in path) or "body"
    return FieldFault(field, _words(entry))


def _words(entry: dict[str, Any]) -> str:
    kind = entry["type"]
    if kind == "missing" and len(entry["loc"]) == 2 and entry["loc"][0] == "body":  # noqa: PLR2004
        return "Send a JSON object."
    plain = {
        "missing": "This field is required.",
        "extra_forbidden": "There is no such field.",
        "model_attributes_type": "Send a JSON object.",
        "model_type": "Send a JSON object.",
    }
    if kind in plain:
        return plain[kind]
    message = str(entry["msg"]).removeprefix("Value error, ")
    return message if message.endswith(".") else message + "."
