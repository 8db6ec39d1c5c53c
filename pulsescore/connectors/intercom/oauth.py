"""Intercom's OAuth: where the browser goes, the state that comes back, and what errors mean."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.utils.crypto import get_random_string

from pulsescore.connectors.intercom.addresses import web_url
from pulsescore.connectors.intercom.models import Mode
from pulsescore.connectors.intercom.problems import PROBLEMS, ConnectFailed, ConnectProblem
from pulsescore.core.clock import from_unix

STATE_LIFETIME = timedelta(minutes=10)
_SALT: Final = "pulsescore.intercom.oauth-state"
_CALLBACK_ERRORS: Final = {
    "access_denied": "access_denied",
    "invalid_client": "invalid_client",
    "unauthorized_client": "invalid_client",
    "redirect_uri_mismatch": "redirect_uri_mismatch",
    "invalid_redirect_uri": "redirect_uri_mismatch",
    "temporarily_unavailable": "unreachable",
    "server_error": "unreachable",
}


@dataclass(frozen=True)
class Attempt:
    """What an attempt to connect was started with."""

    org_id: int
    user_id: int
    region: str
    mode: str
    conversation_days: int


def new_nonce() -> str:
    """A fresh value for the browser session; whoever completes the attempt removes it there."""
    return get_random_string(32)


def new_state(attempt: Attempt, *, session_nonce: str, now: datetime) -> str:
    """The signed `state` of an attempt, bound to the browser session that holds the nonce."""
    return signing.dumps(
        {
            "o": attempt.org_id,
            "u": attempt.user_id,
            "r": attempt.region,
            "m": attempt.mode,
            "d": attempt.conversation_days,
            "n": _digest(session_nonce),
            "t": int(now.timestamp()),
        },
        salt=_SALT,
    )


def check_state(state: str, *, session_nonce: str | None, user_id: int, now: datetime) -> Attempt:
    """The attempt that this state stands for; raises `ConnectFailed`.

    `session_nonce` is what the browser session holds; None once the attempt was completed.
    """
    try:
        claims = signing.loads(state, salt=_SALT)
    except signing.BadSignature:
        raise ConnectFailed("state_invalid", field="state") from None
    if now - from_unix(claims["t"]) > STATE_LIFETIME:
        raise ConnectFailed("state_expired", field="state")
    if session_nonce is None:
        raise ConnectFailed("state_replayed", field="state")
    same_session = hmac.compare_digest(claims["n"], _digest(session_nonce))
    if not same_session or claims["u"] != user_id:
        raise ConnectFailed("state_invalid", field="state")
    return Attempt(
        org_id=claims["o"],
        user_id=claims["u"],
        region=claims["r"],
        mode=claims["m"],
        conversation_days=claims["d"],
    )


def authorize_url(*, state: str, redirect_uri: str, region: str = "") -> str:
    """Where the browser asks for permission; raises `ConnectFailed` without a configured app."""
    config = settings.CONFIG
    if not config.intercom_client_id:
        raise ConnectFailed("not_configured", field="client_id")
    base = config.intercom_oauth_url or web_url(region)
    page = base if base.endswith("/oauth") else f"{base}/oauth"
    query = urlencode(
        {"client_id": config.intercom_client_id, "state": state, "redirect_uri": redirect_uri}
    )
    return f"{page}?{query}"


def callback_problem(query: Mapping[str, str]) -> ConnectProblem | None:
    """What the parameters of the callback complain about, or None when a code is there."""
    error = query.get("error", "")
    if error:
        return PROBLEMS[_CALLBACK_ERRORS.get(error, "unknown")]
    return None if query.get("code") else PROBLEMS["code_missing"]


def default_attempt(*, org_id: int, user_id: int) -> Attempt:
    """An attempt with the settings that the guide promises: read only, 90 days."""
    return Attempt(
        org_id=org_id, user_id=user_id, region="", mode=Mode.READ_ONLY, conversation_days=90
    )


def _digest(nonce: str) -> str:
    return hashlib.sha256(nonce.encode()).hexdigest()[:32]
