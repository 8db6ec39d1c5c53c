"""Sends what is due: claims a few deliveries, makes each message, sends them together.

Each is settled the moment its answer is there, so that a crash repeats as little as can be. What a
channel raises carries the decision: again, given up, or switch the destination off.
"""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, Final

import aiohttp
import structlog
from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend

from pulsescore.alerts.notes import note_admins
from pulsescore.alerts.people import may_be_mailed
from pulsescore.connectors.email import sender as email
from pulsescore.connectors.slack import sender as slack
from pulsescore.connectors.webhook import sender as webhook
from pulsescore.core.backoff import next_attempt
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import OutsideError, PermanentError, TransientError
from pulsescore.core.outbound import open_session
from pulsescore.delivery import destinations, outbox, secrets
from pulsescore.delivery.destinations import Target
from pulsescore.delivery.errors import Unwelcome
from pulsescore.delivery.models import Channel, Delivery
from pulsescore.pipeline.letters import message_of, webhook_body, webhook_id

log = structlog.get_logger(__name__)

AT_ONCE: Final = 20
_NOBODY: Final = "What it told of was erased."
_NO_MEMBER: Final = "They left, or did not confirm their address."
_TOO_LONG: Final = "Nothing arrived for three days."

Sending = Coroutine[Any, Any, int]
Clock = Callable[[], datetime]


def deliver_due(*, now: Clock = utcnow) -> int:
    """Send until nothing is due; returns how many deliveries were tried."""
    total = 0
    while due := outbox.claim(now=now(), limit=AT_ONCE):
        _send_letters([one for one in due if one.channel == Channel.EMAIL], now=now)
        _send_posts([one for one in due if one.channel != Channel.EMAIL], now=now)
        total += len(due)
    return total


def _send_letters(due: list[Delivery], *, now: Clock) -> None:
    if not due:
        return
    connection = email.open_connection()
    try:
        for delivery in due:
            _send_letter(connection, delivery, now=now)
    finally:
        connection.close()


def _send_letter(connection: BaseEmailBackend, delivery: Delivery, *, now: Clock) -> None:
    message, user = message_of(delivery, now=now()), delivery.user
    if message is None or user is None:
        outbox.settle_failed(delivery, error=_NOBODY, status_code=None)
        return
    if not may_be_mailed(delivery.org_id, user.pk):
        outbox.settle_failed(delivery, error=_NO_MEMBER, status_code=None)
        return
    try:
        email.send(
            connection, to=user.email, message=message, key=f"{delivery.org_id}:{delivery.key}"
        )
    except OutsideError as fault:
        _settle_fault(delivery, fault, now=now())
    else:
        outbox.settle_sent(delivery, status_code=None, now=now())


def _send_posts(due: list[Delivery], *, now: Clock) -> None:
    """Send side by side; the loop stands still while one that was answered is settled."""
    if not due:
        return
    with asyncio.Runner() as runner:
        session = runner.run(_open())
        try:
            loop = runner.get_loop()
            waiting = {
                loop.create_task(sending): delivery
                for delivery in due
                if (sending := _prepare(session, delivery, now=now)) is not None
            }
            while waiting:
                done, _ = runner.run(_first_of(list(waiting)))
                for task in done:
                    _settle(waiting.pop(task), task, now=now())
        finally:
            runner.run(session.close())


async def _open() -> aiohttp.ClientSession:
    return open_session(allow_private=settings.CONFIG.allow_private_targets)


async def _first_of(
    tasks: list[asyncio.Task[int]],
) -> tuple[set[asyncio.Task[int]], set[asyncio.Task[int]]]:
    return await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)


def _prepare(session: aiohttp.ClientSession, delivery: Delivery, *, now: Clock) -> Sending | None:
    """The request for a delivery, with nothing left to ask the database for."""
    sending = None
    if delivery.endpoint is not None:
        body = webhook_body(delivery)
        if body is not None:
            headers = webhook.signed_headers(
                message_id=webhook_id(delivery),
                body=body,
                secrets=secrets.open_secrets(delivery.endpoint, now=now()),
                now=now(),
            )
            sending = webhook.send(
                session, url=delivery.endpoint.url, body=body, headers=headers, now=now()
            )
    elif delivery.slack is not None:
        message = message_of(delivery, now=now())
        if message is not None:
            url = secrets.open_url(delivery.slack)
            sending = slack.send(session, url=url, message=message, now=now())
    if sending is None:
        outbox.settle_failed(delivery, error=_NOBODY, status_code=None)
    return sending


def _settle(delivery: Delivery, task: asyncio.Task[int], *, now: datetime) -> None:
    fault = task.exception()
    if fault is None:
        outbox.settle_sent(delivery, status_code=task.result(), now=now)
        target = _target(delivery)
        if target is not None:
            destinations.note_success(target, now=now)
    elif isinstance(fault, OutsideError):
        _settle_fault(delivery, fault, now=now)
    else:
        raise fault


def _settle_fault(delivery: Delivery, fault: OutsideError, *, now: datetime) -> None:
    error, status = str(fault), getattr(fault, "status", None)
    log.info("delivery.failed", delivery_id=delivery.pk, channel=delivery.channel, error=error)
    target = _target(delivery)
    if isinstance(fault, Unwelcome) and target is not None:
        outbox.settle_paused(delivery, error=error, status_code=status)
        _give_up(target, error, now=now)
        return
    _settle_attempt(delivery, fault, status=status, now=now)
    if target is not None and destinations.note_failure(target, now=now):
        _give_up(target, f"{_TOO_LONG} The last answer: {error}", now=now)


def _settle_attempt(
    delivery: Delivery, fault: OutsideError, *, status: int | None, now: datetime
) -> None:
    again = None
    if isinstance(fault, TransientError):
        again = next_attempt(
            delivery.attempts, number=delivery.pk, now=now, not_before=fault.retry_at
        )
    if again is None or isinstance(fault, PermanentError):
        outbox.settle_failed(delivery, error=str(fault), status_code=status)
    else:
        outbox.settle_later(delivery, at=again, error=str(fault), status_code=status)


def _give_up(target: Target, reason: str, *, now: datetime) -> None:
    """Switch a destination off and tell the admins, once."""
    if destinations.give_up(target, reason=reason[:200], now=now):
        note_admins(
            target.org_id,
            kind="destination_off",
            title=f"{destinations.name_of(target)} was switched off",
            body=reason,
            link=destinations.SETTINGS_PATH,
            now=now,
        )


def _target(delivery: Delivery) -> Target | None:
    return delivery.endpoint or delivery.slack
