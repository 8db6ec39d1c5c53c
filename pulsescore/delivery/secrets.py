"""The sealed secrets of destinations, each bound to its row."""

import base64
import os
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from pulsescore.core.crypto import KeyRing
from pulsescore.delivery.models import SlackHook, WebhookEndpoint

GRACE: Final = timedelta(hours=24)
_PREFIX: Final = "whsec_"
_BYTES: Final = 32


def new_secret() -> str:
    """A fresh signing secret in the form that Standard Webhooks has it."""
    return _PREFIX + base64.b64encode(os.urandom(_BYTES)).decode()


def seal_secret(endpoint: WebhookEndpoint, secret: str, *, now: datetime) -> None:
    """Put a secret on the row (unsaved, with its id); the former one signs too for a day."""
    if endpoint.sealed_secret is not None:
        endpoint.sealed_previous_secret = endpoint.sealed_secret
        endpoint.previous_secret_until = now + GRACE
    endpoint.sealed_secret = _ring().seal(secret, context=_context(endpoint))
    endpoint.secret_last4 = secret[-4:]


def open_secrets(endpoint: WebhookEndpoint, *, now: datetime) -> list[str]:
    """The secrets to sign with, newest first."""
    sealed = [endpoint.sealed_secret]
    until = endpoint.previous_secret_until
    if until is not None and now < until:
        sealed.append(endpoint.sealed_previous_secret)
    ring, context = _ring(), _context(endpoint)
    return [ring.open(bytes(one), context=context) for one in sealed if one is not None]


def seal_url(hook: SlackHook, url: str) -> None:
    """Put the address, which is the secret, on the row (unsaved, with its id)."""
    hook.sealed_url = _ring().seal(url, context=_url_context(hook))
    hook.url_last4 = url[-4:]


def open_url(hook: SlackHook) -> str:
    """The address of a Slack hook."""
    return _ring().open(bytes(hook.sealed_url or b""), context=_url_context(hook))


def _context(endpoint: WebhookEndpoint) -> str:
    return f"delivery.endpoint:{endpoint.pk}:secret"


def _url_context(hook: SlackHook) -> str:
    return f"delivery.slack:{hook.pk}:url"


def _ring() -> KeyRing:
    return KeyRing(settings.CONFIG.secret_key)
