"""Intercom's refusals, each carrying the decision: can trying again help, and when.

ApiError
├── permanent: TokenRefused, PlanRestricted, PermissionMissing, NotFoundThere, ContactMerged,
│              RequestRefused (AlreadyThere), WriteRefused
└── transient: RateLimited, ScrollBusy, ServerFailed, Unreachable, UnreadableAnswer
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

import msgspec

from pulsescore.connectors.intercom.api.schemas import ErrorItem, ErrorList
from pulsescore.core.errors import PermanentError, TransientError

_CANONICAL = re.compile(r"</contacts/([^>/?]+)[^>]*>;\s*rel=\"?canonical\"?")
_EXISTING = re.compile(r"already exists with id=([0-9A-Za-z_-]+)")
_MESSAGE_LIMIT = 300
_TRY_AGAIN = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
_REFUSALS = set(range(400, 500)) - _TRY_AGAIN


@dataclass(frozen=True)
class Failure:
    """What is known of a failed call: for logs and for the person who must act."""

    method: str
    path: str
    status: int | None = None
    code: str = ""
    message: str = ""
    request_id: str = ""

    def __str__(self) -> str:
        answer = f"{self.status} {self.code}".strip() if self.status else self.code
        return f"{self.method} {self.path}: {answer}: {self.message}".rstrip(": ")


class ApiError(Exception):
    """A call to Intercom did not succeed; `failure` says how."""

    failure: Failure


class PermanentApiError(PermanentError, ApiError):
    """Trying again cannot help."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(str(failure))
        self.failure = failure


class TransientApiError(TransientError, ApiError):
    """Trying again can help."""

    def __init__(self, failure: Failure, *, retry_at: datetime | None = None) -> None:
        super().__init__(str(failure), retry_at=retry_at)
        self.failure = failure


class TokenRefused(PermanentApiError):
    """401: the token is wrong, revoked, expired or its workspace closed."""


class PlanRestricted(PermanentApiError):
    """402 or 403 `api_plan_restricted`: the workspace's plan does not include this."""


class PermissionMissing(PermanentApiError):
    """403: the token lacks a permission."""


class NotFoundThere(PermanentApiError):
    """404: Intercom has no such thing (any more)."""


class ContactMerged(PermanentApiError):
    """410: the contact lives on as `target` (None where Intercom does not say)."""

    def __init__(self, failure: Failure, *, target: str | None) -> None:
        super().__init__(failure)
        self.target = target


class RequestRefused(PermanentApiError):
    """400, 409, 422: Intercom does not accept this request."""


class AlreadyThere(RequestRefused):
    """409: a contact like this exists as `contact_id`, perhaps archived."""

    def __init__(
        self, failure: Failure, *, contact_id: str = "", is_archived: bool = False
    ) -> None:
        super().__init__(failure)
        self.contact_id = contact_id
        self.is_archived = is_archived


# What an endpoint answers that this workspace or token simply does not have.
CANNOT_BE_READ = (NotFoundThere, PermissionMissing, PlanRestricted, RequestRefused)


class WriteRefused(PermanentApiError):
    """The connection is read only, so the request was never sent."""


_BY_STATUS: dict[int, type[PermanentApiError]] = {
    HTTPStatus.UNAUTHORIZED: TokenRefused,
    HTTPStatus.PAYMENT_REQUIRED: PlanRestricted,
    HTTPStatus.FORBIDDEN: PermissionMissing,
    HTTPStatus.NOT_FOUND: NotFoundThere,
}


class RateLimited(TransientApiError):
    """429: the budget of the present window is used up."""


class ScrollBusy(TransientApiError):
    """400 `scroll_exists`: another scroll over the companies is open; it expires in a minute."""


class ServerFailed(TransientApiError):
    """5xx, 408: a fault at Intercom's side."""


class Unreachable(TransientApiError):
    """No answer: refused, timed out or cut off."""


class UnreadableAnswer(TransientApiError):
    """A success whose body cannot be read."""


def classify(
    *,
    method: str,
    path: str,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    retry_at: datetime | None = None,
) -> PermanentApiError | TransientApiError:
    """The error that an unsuccessful answer means."""
    failure = _failure(method=method, path=path, status=status, headers=headers, body=body)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited(failure, retry_at=retry_at)
    if failure.code == "scroll_exists":
        return ScrollBusy(failure)
    if status not in _REFUSALS:
        return ServerFailed(failure, retry_at=retry_at)
    if status == HTTPStatus.GONE:
        target = _CANONICAL.search(headers.get("Link", ""))
        return ContactMerged(failure, target=target[1] if target else None)
    existing = _EXISTING.search(failure.message) if status == HTTPStatus.CONFLICT else None
    if existing is not None:
        is_archived = "archived contact" in failure.message.lower()
        return AlreadyThere(failure, contact_id=existing[1], is_archived=is_archived)
    return _refusal(status, failure.code)(failure)


def _refusal(status: int, code: str) -> type[PermanentApiError]:
    if code == "api_plan_restricted":
        return PlanRestricted
    return _BY_STATUS.get(status, RequestRefused)


def _failure(
    *, method: str, path: str, status: int, headers: Mapping[str, str], body: bytes
) -> Failure:
    try:
        answer = msgspec.json.decode(body, type=ErrorList)
    except (msgspec.DecodeError, UnicodeDecodeError):
        answer = ErrorList()
    first = answer.errors[0] if answer.errors else ErrorItem()
    return Failure(
        method=method,
        path=path,
        status=status,
        code=first.code or "",
        message=(first.message or "")[:_MESSAGE_LIMIT],
        request_id=answer.request_id or headers.get("X-Request-Id", ""),
    )
