"""The rows of Fetch and Send: everything, users, leads and companies, each with how it stands."""

from dataclasses import dataclass

from pulsescore.connectors.intercom import queries
from pulsescore.connectors.intercom.models import (
    Connection,
    ConnectionStatus,
    Mode,
    RunKind,
    Scope,
    SyncRun,
)
from pulsescore.connectors.intercom.outbound.queries import last_sends
from pulsescore.connectors.intercom.outbound.run_models import SendRun, SendScope
from pulsescore.connectors.intercom.outbound.settings import settings_of
from pulsescore.web.integrations.exchange_words import Line, fetch_line, send_line


@dataclass(frozen=True)
class Row:
    """One kind: how its last fetch and send stand; `why_not` says why Send is not offered."""

    name: str
    icon: str
    fetch_scope: str
    send_scope: str
    fetch: SyncRun | None
    fetch_line: Line | None
    send: SendRun | None
    send_line: Line | None
    why_not: str


_KINDS = (
    ("Everything", "layers", "", SendScope.EVERYBODY),
    ("Users", "users", Scope.USERS, SendScope.USERS),
    ("Leads", "user-plus", Scope.LEADS, SendScope.LEADS),
    ("Companies", "building-2", Scope.COMPANIES, SendScope.COMPANIES),
)


def exchange_rows(connection: Connection) -> list[Row]:
    """A row for everything, users, leads and companies."""
    fetches, sends = queries.last_fetches(connection), last_sends(connection)
    full = queries.list_runs(connection).filter(kind=RunKind.FULL).first()
    reasons = _reasons(connection)
    return [
        _row(
            (name, icon, scope, send_scope),
            fetches.get(scope) if scope else full,
            sends.get(send_scope),
            reasons[send_scope],
        )
        for name, icon, scope, send_scope in _KINDS
    ]


def may_fetch(connection: Connection) -> bool:
    """Whether the connection can be asked to read."""
    return connection.status in (ConnectionStatus.CONNECTED, ConnectionStatus.SYNCING)


def _row(
    kind: tuple[str, str, str, SendScope],
    fetch: SyncRun | None,
    send: SendRun | None,
    why_not: str,
) -> Row:
    name, icon, scope, send_scope = kind
    return Row(
        name=name,
        icon=icon,
        fetch_scope=scope,
        send_scope=send_scope,
        fetch=fetch,
        fetch_line=fetch_line(fetch) if fetch else None,
        send=send,
        send_line=send_line(send) if send else None,
        why_not=why_not,
    )


def _reasons(connection: Connection) -> dict[SendScope, str]:
    """Why not to send, by scope; empty where it can be."""
    settings = settings_of(connection)
    people = bool(settings.user_segments or settings.lead_segments)
    companies = bool(settings.company_segments)
    if connection.mode != Mode.TWO_WAY:
        common = "Read only"
    elif not may_fetch(connection):
        common = "Not connected"
    else:
        common = "Sending is stopped" if settings.is_stopped else ""
    return {
        SendScope.EVERYBODY: common or ("" if people or companies else "Nobody is chosen"),
        SendScope.USERS: common or ("" if people else "Nobody is chosen"),
        SendScope.LEADS: common or ("" if people else "Nobody is chosen"),
        SendScope.COMPANIES: common or ("" if companies else "None are chosen"),
    }
