"""The connection log: runs, failed calls, changes of settings; where an admin looks first."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from pulsescore.connectors.intercom.api.errors import Failure
from pulsescore.connectors.intercom.models import Connection, LogEntry

KEPT: Final = timedelta(days=30)
RUN, CALL, SETTING, ATTENTION = "run", "call", "setting", "attention"


def write(
    connection: Connection,
    kind: str,
    message: str,
    *,
    details: dict[str, Any] | None = None,
    now: datetime,
) -> None:
    """Add one line. Never put secrets or personal data into it."""
    LogEntry(
        org_id=connection.org_id,
        connection=connection,
        at=now,
        kind=kind,
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


def drop_old(connection: Connection, *, now: datetime) -> None:
    """Forget lines older than thirty days."""
    old = LogEntry.objects.for_org(connection.org_id).filter(
        connection=connection, at__lt=now - KEPT
    )
    old.delete()


def _sentence(failure: Failure) -> str:
    outcome = f"was answered {failure.status}" if failure.status else "was not answered"
    return f"{failure.method or 'A call to'} {failure.path} {outcome}".strip()
