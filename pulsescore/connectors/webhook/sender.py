"""Sends one event to an endpoint, signed as Standard Webhooks has it."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus

import aiohttp
from standardwebhooks import Webhook

from pulsescore.core.outbound import post
from pulsescore.delivery.errors import NotTaken, Unwelcome


def signed_headers(
    *, message_id: str, body: bytes, secrets: Sequence[str], now: datetime
) -> dict[str, str]:
    """The three headers; while a secret is being replaced, both sign."""
    text = body.decode()
    signatures = [Webhook(secret).sign(message_id, now, text) for secret in secrets]
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


async def send(
    session: aiohttp.ClientSession,
    *,
    url: str,
    body: bytes,
    headers: dict[str, str],
    now: datetime,
) -> int:
    """Send it; returns the status. Raises `NotTaken`, `Unwelcome`, and what `post` raises."""
    answer = await post(session, url, body=body, headers=headers)
    if answer.is_success:
        return answer.status
    if answer.status == HTTPStatus.GONE:
        raise Unwelcome("The endpoint answered 410: it is gone.", status=answer.status)
    raise NotTaken(answer.status, retry_at=answer.retry_at(now))
