"""The sealed secrets of a connection: token and webhook secrets, each bound to its row."""

from datetime import datetime, timedelta

from django.conf import settings

from pulsescore.connectors.intercom.models import Connection, ConnectionStatus
from pulsescore.core.crypto import KeyRing
from pulsescore.core.errors import PermanentError

WEBHOOK_SECRET_GRACE = timedelta(hours=24)
_SHORTEST_SHOWN = 12


class NotConnected(PermanentError):
    """The connection has no token: it was disconnected."""


def open_token(connection: Connection) -> str:
    """The access token; raises `NotConnected`."""
    if connection.sealed_token is None or connection.status == ConnectionStatus.DISCONNECTED:
        raise NotConnected("the connection to Intercom has no token")
    return _ring().open(
        bytes(connection.sealed_token), context=_context(connection, "access_token")
    )


def seal_token(connection: Connection, token: str) -> None:
    """Put a token on the row (unsaved)."""
    connection.sealed_token = _ring().seal(token, context=_context(connection, "access_token"))
    connection.token_last4 = _last4(token)


def open_webhook_secrets(connection: Connection, *, now: datetime) -> list[str]:
    """The secrets valid now, newest first: the present one, and the former one in its grace."""
    sealed = [connection.sealed_webhook_secret]
    until = connection.previous_webhook_secret_until
    if until is not None and now < until:
        sealed.append(connection.sealed_previous_webhook_secret)
    context = _context(connection, "webhook_secret")
    return [_ring().open(bytes(one), context=context) for one in sealed if one is not None]


def seal_webhook_secret(connection: Connection, secret: str, *, now: datetime) -> None:
    """Put a webhook secret on the row (unsaved); the former one stays valid for a day."""
    if connection.sealed_webhook_secret is not None:
        connection.sealed_previous_webhook_secret = connection.sealed_webhook_secret
        connection.previous_webhook_secret_until = now + WEBHOOK_SECRET_GRACE
    if not secret:
        connection.sealed_webhook_secret = None
        connection.webhook_secret_last4 = ""
        return
    context = _context(connection, "webhook_secret")
    connection.sealed_webhook_secret = _ring().seal(secret, context=context)
    connection.webhook_secret_last4 = _last4(secret)


def forget(connection: Connection) -> None:
    """Take every secret off the row (unsaved)."""
    connection.sealed_token = None
    connection.token_last4 = ""
    connection.sealed_webhook_secret = None
    connection.webhook_secret_last4 = ""
    connection.sealed_previous_webhook_secret = None
    connection.previous_webhook_secret_until = None


def _context(connection: Connection, name: str) -> str:
    return f"intercom.connection:{connection.pk}:{name}"


def _last4(secret: str) -> str:
    """The last four characters, or nothing of a secret so short that they would give it away."""
    return secret[-4:] if len(secret) >= _SHORTEST_SHOWN else ""


def _ring() -> KeyRing:
    return KeyRing(settings.CONFIG.secret_key)
