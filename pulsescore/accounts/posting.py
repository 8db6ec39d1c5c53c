"""Letters on their way: kept sealed with the change that they tell, until the mail server has them.

A letter is a row of the transaction that causes it. It is tried right after the commit, or left to
the worker, who tries again what failed or never happened. Letters hold links that open accounts, so
the row is sealed, and it is deleted with the answer of the mail server.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from django.conf import settings
from django.db import transaction

from pulsescore.accounts.mail import Letter, compose
from pulsescore.accounts.models import PendingLetter
from pulsescore.core import mailing
from pulsescore.core.backoff import next_attempt
from pulsescore.core.clock import utcnow
from pulsescore.core.crypto import CannotOpen, KeyRing
from pulsescore.core.errors import PermanentError, TransientError

log = structlog.get_logger(__name__)
# Nobody else tries it meanwhile; longer than any conversation with a mail server.
LEASE: Final = timedelta(minutes=3)


def send_on_commit(*, template: str, to: str, context: dict[str, Any], now: datetime) -> None:
    """Compose a letter and send it after the commit.

    A mail server that is down never undoes the change: the letter is tried again for a day.
    """
    letter = PendingLetter(template=template, created_at=now, attempts=1, next_at=now + LEASE)
    _keep(letter, compose(template, context), to=to)
    transaction.on_commit(lambda: _attempt(letter, now=now), robust=True)


def leave_to_worker(*, template: str, to: str, context: dict[str, Any], now: datetime) -> None:
    """Compose a letter that is due at once, and let somebody else talk to the mail server.

    For answers that must not take longer where there is an account.
    """
    letter = PendingLetter(template=template, created_at=now, attempts=0, next_at=now)
    _keep(letter, compose(template, context), to=to)


def send_due(*, now: Callable[[], datetime] = utcnow) -> int:
    """Send what waits and is due; returns how many letters were tried."""
    total = 0
    while letter := _claim(now=now()):
        _attempt(letter, now=now())
        total += 1
    return total


def is_due(*, now: datetime) -> bool:
    """Whether a letter waits to be tried again."""
    return PendingLetter.objects.filter(next_at__lte=now).exists()


@transaction.atomic
def _claim(*, now: datetime) -> PendingLetter | None:
    due = PendingLetter.objects.select_for_update(skip_locked=True).filter(next_at__lte=now)
    letter = due.order_by("next_at").first()
    if letter is not None:
        letter.attempts += 1
        letter.next_at = now + LEASE
        letter.save(update_fields=["attempts", "next_at"])
    return letter


def _attempt(letter: PendingLetter, *, now: datetime) -> None:
    """Try once; a crash after the mail server's yes repeats the letter with its Message-ID."""
    try:
        told = json.loads(_ring().open(bytes(letter.sealed), context=_context(letter)))
        mailing.send(**told, key=_context(letter))
    except TransientError as fault:
        _again(letter, error=str(fault), now=now)
    except (PermanentError, CannotOpen) as fault:
        _give_up(letter, error=str(fault))
    else:
        letter.delete()


def _again(letter: PendingLetter, *, error: str, now: datetime) -> None:
    at = next_attempt(letter.attempts, number=letter.pk.int, now=now)
    if at is None:
        _give_up(letter, error=error)
        return
    log.warning("email.failed", template=letter.template, error=error, attempts=letter.attempts)
    letter.next_at = at
    letter.save(update_fields=["next_at"])


def _give_up(letter: PendingLetter, *, error: str) -> None:
    log.error("email.given_up", template=letter.template, error=error, attempts=letter.attempts)
    letter.delete()


def _keep(letter: PendingLetter, said: Letter, *, to: str) -> None:
    told = json.dumps({"to": to, **asdict(said)})
    letter.sealed = _ring().seal(told, context=_context(letter))
    letter.save(force_insert=True)


def _context(letter: PendingLetter) -> str:
    return f"accounts.letter:{letter.pk}"


def _ring() -> KeyRing:
    return KeyRing(settings.CONFIG.secret_key)
