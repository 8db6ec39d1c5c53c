"""Writes that may be sent again: the first answer is kept for a day and given once more.

Only answers that changed something (2xx) are kept; a refusal is worked out afresh. Bodies are
sealed, since an answer may show a secret that is shown only once.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from pulsescore.api.credentials import Caller
from pulsescore.api.models import IdempotentAnswer
from pulsescore.core.crypto import KeyRing
from pulsescore.core.errors import Conflict, FieldFault, Invalid

HEADER = "Idempotency-Key"
LIFETIME = timedelta(days=1)
# A first attempt that has not ended by now died with its process.
ABANDONED_AFTER = timedelta(minutes=5)
_MAX_KEY = 255
_PRUNED_AT_ONCE = 100


@dataclass(frozen=True)
class Attempt:
    """One write: which one it is, and a fingerprint of what it says."""

    key_hash: str
    request_hash: str
    at: datetime


def answer(
    request: HttpRequest,
    caller: Caller,
    work: Callable[[HttpRequest], HttpResponse],
    *,
    now: datetime,
) -> HttpResponse:
    """Do the write, or repeat the stored answer to it.

    Raises `Conflict` while the first attempt is being worked on, `Invalid` when the key came with
    another body.
    """
    attempt = _attempt(request, caller, now=now)
    known = _begin(attempt)
    if known is not None:
        return _repeat(known, attempt)
    response: HttpResponse | None = None
    try:
        response = work(request)
    finally:
        _finish(attempt, response)
    return response


def _attempt(request: HttpRequest, caller: Caller, *, now: datetime) -> Attempt:
    key = request.headers[HEADER]
    if not 0 < len(key) <= _MAX_KEY or not key.isprintable():
        raise Invalid(FieldFault(HEADER, f"Use 1 to {_MAX_KEY} printable characters."))
    organization = request.headers.get("X-Organization-ID", caller.org_id)
    scope = "\n".join([caller.subject_for_writes, str(organization), str(request.method)])
    return Attempt(
        key_hash=_hash(f"{scope}\n{request.get_full_path()}\n{key}".encode()),
        request_hash=_hash(request.body),
        at=now,
    )


def _begin(attempt: Attempt) -> IdempotentAnswer | None:
    _prune(attempt.at)
    with transaction.atomic():
        _drop_abandoned(attempt)
        row, created = IdempotentAnswer.objects.get_or_create(
            key_hash=attempt.key_hash,
            defaults={"request_hash": attempt.request_hash, "created_at": attempt.at},
        )
    return None if created else row


def _drop_abandoned(attempt: Attempt) -> None:
    IdempotentAnswer.objects.filter(
        key_hash=attempt.key_hash, status=None, created_at__lt=attempt.at - ABANDONED_AFTER
    ).delete()


def _repeat(row: IdempotentAnswer, attempt: Attempt) -> HttpResponse:
    if row.request_hash != attempt.request_hash:
        raise Invalid(FieldFault(HEADER, "This key was used with another body."))
    if row.status is None or row.sealed_body is None:
        raise Conflict("The first request with this key is still being worked on.")
    text = _ring().open(bytes(row.sealed_body), context=_context(attempt))
    response = HttpResponse(text, status=row.status, content_type="application/json")
    response["Idempotency-Replayed"] = "true"
    return response


def _finish(attempt: Attempt, response: HttpResponse | None) -> None:
    row = IdempotentAnswer.objects.filter(key_hash=attempt.key_hash, created_at=attempt.at)
    if response is None or not 200 <= response.status_code < 300:  # noqa: PLR2004
        row.delete()
        return
    sealed = _ring().seal(response.content.decode(), context=_context(attempt))
    row.update(status=response.status_code, sealed_body=sealed)


def _prune(now: datetime) -> None:
    old = IdempotentAnswer.objects.filter(created_at__lt=now - LIFETIME).values("key_hash")
    IdempotentAnswer.objects.filter(key_hash__in=old[:_PRUNED_AT_ONCE]).delete()


def _ring() -> KeyRing:
    return KeyRing(settings.CONFIG.secret_key)


def _context(attempt: Attempt) -> str:
    return f"api.idempotent:{attempt.key_hash}"


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
