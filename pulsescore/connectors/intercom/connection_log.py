"""The connection log: runs, failed calls, changes of settings; where an admin looks first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet

from pulsescore.connectors.intercom.api.errors import Failure
from pulsescore.connectors.intercom.models import Connection, LogEntry, Severity

KEPT: Final = timedelta(days=30)
RUN, CALL, SETTING, ATTENTION, WEBHOOK = "run", "call", "setting", "attention", "webhook"
KINDS: Final = (
    (RUN, "Runs"),
    (CALL, "Failed calls"),
    (SETTING, "Settings"),
    (ATTENTION, "Attention"),
    (WEBHOOK, "Webhooks"),
)
# Refusals that only a person can mend; other failed calls are tried again.
_GRAVE: Final = frozenset({401, 402, 403})
_SEARCHED: Final = ("code", "message", "path", "request_id")


@dataclass(frozen=True, kw_only=True)
class LogFilters:
    """Which lines to show; what is not told does not matter. `since` is inclusive."""

    kind: str = ""
    severity: str = ""
    search: str = ""
    since: datetime | None = None
    until: datetime | None = None


def write(
    connection: Connection,
    kind: str,
    message: str,
    *,
    severity: Severity = Severity.INFO,
    details: dict[str, Any] | None = None,
    now: datetime,
) -> None:
    """Add one line. Never put secrets or personal data into it."""
    LogEntry(
        org_id=connection.org_id,
        connection=connection,
        at=now,
        kind=kind,
        severity=severity,
        message=message,
        details=details or {},
    ).save(force_insert=True)


def write_failures(connection: Connection, failures: Sequence[tuple[datetime, Failure]]) -> None:
    """Add calls that failed, with Intercom's own code, message and request id."""
    LogEntry.objects.for_org(connection.org_id).bulk_create(
        LogEntry(
            org_id=connection.org_id,
            connection=connection,
            at=at,
            kind=CALL,
            severity=Severity.ERROR if failure.status in _GRAVE else Severity.WARNING,
            message=_sentence(failure),
            details={
                "method": failure.method,
                "path": failure.path,
                "status": failure.status,
                "code": failure.code,
                "message": failure.message,
                "request_id": failure.request_id,
            },
        )
        for at, failure in failures
    )


def find(connection: Connection, filters: LogFilters) -> QuerySet[LogEntry]:
    """Lines, newest first. The search looks into messages, codes, paths and request ids.

    Index: log_newest_first.
    """
    lines = LogEntry.objects.for_org(connection.org_id).filter(connection=connection)
    if filters.kind:
        lines = lines.filter(kind=filters.kind)
    if filters.severity:
        lines = lines.filter(severity=filters.severity)
    if filters.since is not None:
        lines = lines.filter(at__gte=filters.since)
    if filters.until is not None:
        lines = lines.filter(at__lt=filters.until)
    wanted = filters.search.replace("\0", "").strip()
    if wanted:
        found = Q(message__icontains=wanted)
        for key in _SEARCHED:
            found |= Q(**{f"details__{key}__icontains": wanted})
        lines = lines.filter(found)
    return lines.order_by("-at", "-id")


def prune(*, now: datetime) -> int:
    """Forget lines older than thirty days, of every connection, however its runs fare.

    Returns how many. For the night. Index: log_newest_first, a connection at a time.
    """
    connections = Connection.objects.across_orgs("every organization's log grows old")
    return sum(_forget(connection, before=now - KEPT) for connection in connections.iterator())


def _forget(connection: Connection, *, before: datetime) -> int:
    lines = LogEntry.objects.for_org(connection.org_id)
    return lines.filter(connection=connection, at__lt=before).delete()[0]


def _sentence(failure: Failure) -> str:
    outcome = f"was answered {failure.status}" if failure.status else "was not answered"
    return f"{failure.method or 'A call to'} {failure.path} {outcome}".strip()
