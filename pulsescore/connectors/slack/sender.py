"""Posts one message to a channel's incoming webhook."""

from datetime import datetime
from http import HTTPStatus
from typing import Final

import aiohttp
import msgspec

from pulsescore.alerts.message import Message
from pulsescore.connectors.slack.blocks import payload
from pulsescore.core.errors import PermanentError
from pulsescore.core.outbound import post
from pulsescore.delivery.errors import NotTaken, Unwelcome

# Slack names these in the body of a refusal: the webhook or its channel will never take anything.
_GONE: Final = frozenset(
    {
        "no_service",
        "no_team",
        "invalid_token",
        "channel_not_found",
        "channel_is_archived",
        "action_prohibited",
        "team_disabled",
    }
)
_HEADERS: Final = {"Content-Type": "application/json"}


async def send(session: aiohttp.ClientSession, *, url: str, message: Message, now: datetime) -> int:
    """Post it; returns the status. Raises `NotTaken`, `Unwelcome`, and what `post` raises."""
    answer = await post(session, url, body=msgspec.json.encode(payload(message)), headers=_HEADERS)
    if answer.is_success:
        return answer.status
    word = answer.text.strip()
    if word in _GONE or answer.status == HTTPStatus.GONE:
        raise Unwelcome(
            f"Slack refuses this channel ({word or 'gone'}). Make a new incoming webhook.",
            status=answer.status,
        )
    if answer.status == HTTPStatus.BAD_REQUEST:
        raise PermanentError("Slack refused the message (HTTP 400)")
    raise NotTaken(answer.status, retry_at=answer.retry_at(now))
