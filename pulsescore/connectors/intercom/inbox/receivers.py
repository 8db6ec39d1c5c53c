"""Which connections a notification of a workspace goes to, and the secrets that may sign for them.

A connection with a secret of its own accepts only that one (and the one it replaced, for a grace
period); one without accepts the secret of the application that this process runs as.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct
from psycopg import sql

from pulsescore.connectors.intercom.inbox.signatures import SigningSecret
from pulsescore.connectors.intercom.models import Connection, ConnectionStatus
from pulsescore.core.crypto import CannotOpen, KeyRing

_SECRETS_TRIED_FOR_STRANGERS: Final = 200

_COLUMNS: Final = sql.SQL(
    "SELECT id, org_id, status, sealed_webhook_secret, sealed_previous_webhook_secret,"
    " previous_webhook_secret_until FROM {}"
).format(sql.Identifier(Connection._meta.db_table))

# A webhook names a workspace, not an organization: every organization that connected it is meant.
OF_WORKSPACE: Final = _COLUMNS + sql.SQL(" WHERE workspace_id = %(workspace_id)s ORDER BY id")

# For what names no workspace we know: is the sender at least one of ours?
OF_ANYBODY: Final = _COLUMNS + sql.SQL(
    f" WHERE sealed_webhook_secret IS NOT NULL ORDER BY id DESC"
    f" LIMIT {_SECRETS_TRIED_FOR_STRANGERS}"
)


class Receiver(Struct, frozen=True, kw_only=True):
    """A connection that may receive, with what may sign for it."""

    connection_id: int
    org_id: int
    connected: bool
    secrets: tuple[SigningSecret, ...]

    def trusts(self, body: bytes, *, signature: bytes, now: datetime) -> bool:
        """Whether one of its secrets signed these bytes."""
        return any(secret.signed(body, signature=signature, now=now) for secret in self.secrets)


def secret_context(connection_id: int) -> str:
    """What a connection's webhook secret is sealed for."""
    return f"intercom.connection:{connection_id}:webhook_secret"


def open_receivers(
    rows: Iterable[Sequence[Any]], *, key_ring: KeyRing, app_secret: str
) -> list[Receiver]:
    """Receivers from the rows of the queries above, their secrets opened."""
    return [_receiver(row, key_ring=key_ring, app_secret=app_secret) for row in rows]


def _receiver(row: Sequence[Any], *, key_ring: KeyRing, app_secret: str) -> Receiver:
    connection_id, org_id, status, current, previous, until = row
    secrets = [
        SigningSecret(opened, valid_until)
        for sealed, valid_until in ((current, None), (previous if until else None, until))
        if (opened := _opened(sealed, key_ring=key_ring, connection_id=connection_id))
    ]
    if current is None and app_secret:
        secrets.append(SigningSecret(app_secret.encode()))
    return Receiver(
        connection_id=connection_id,
        org_id=org_id,
        connected=status != ConnectionStatus.DISCONNECTED,
        secrets=tuple(secrets),
    )


def _opened(sealed: bytes | None, *, key_ring: KeyRing, connection_id: int) -> bytes | None:
    """A secret sealed with a key that is gone signs nothing: its webhooks are refused."""
    if sealed is None:
        return None
    try:
        return key_ring.open(sealed, context=secret_context(connection_id)).encode()
    except CannotOpen:
        return None
