"""*Needs attention*: a refusal that only a person can mend, told once, in words."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from pulsescore.connectors.intercom import connection_log
from pulsescore.connectors.intercom.api.errors import PermanentApiError, TokenRefused
from pulsescore.connectors.intercom.models import Connection, ConnectionStatus, Severity
from pulsescore.connectors.intercom.problems import PROBLEMS, problem_code
from pulsescore.connectors.intercom.runs import cancel_runs


def needs_attention(connection: Connection, error: PermanentApiError, *, now: datetime) -> bool:
    """Stop calling and say why; returns whether this is news (so that admins are told once)."""
    code = problem_code(error)
    reason = _reason(code, error)
    with transaction.atomic():
        turned = (
            Connection.objects.for_org(connection.org_id)
            .filter(pk=connection.pk)
            .exclude(status=ConnectionStatus.DISCONNECTED)
            .exclude(status=ConnectionStatus.NEEDS_ATTENTION, attention_code=code)
            .update(
                status=ConnectionStatus.NEEDS_ATTENTION,
                attention_code=code,
                attention_since=now,
                last_error=reason,
            )
        )
        if not turned:
            return False
        if isinstance(error, TokenRefused):
            cancel_runs(connection, reason=reason, now=now)
        connection_log.write(
            connection,
            connection_log.ATTENTION,
            reason,
            severity=Severity.ERROR,
            details={"code": code, "request_id": error.failure.request_id},
            now=now,
        )
    return True


def list_untold() -> list[Connection]:
    """Connections that turned to needs attention since their admins were last told."""
    rows = Connection.objects.across_orgs("the worker tells the admins of every organization")
    untold = Q(admins_told_at=None) | Q(admins_told_at__lt=F("attention_since"))
    return list(rows.filter(untold, status=ConnectionStatus.NEEDS_ATTENTION))


def mark_told(connection: Connection, *, now: datetime) -> bool:
    """Claim the telling; False when another worker has it."""
    claimed = Connection.objects.for_org(connection.org_id).filter(
        pk=connection.pk, admins_told_at=connection.admins_told_at
    )
    return bool(claimed.update(admins_told_at=now))


def calm(connection: Connection) -> None:
    """Put the row back to connected (unsaved)."""
    connection.status = ConnectionStatus.CONNECTED
    connection.attention_code = ""
    connection.attention_since = None
    connection.last_error = ""


def _reason(code: str, error: PermanentApiError) -> str:
    problem = PROBLEMS[code]
    if code == "token_refused":
        return (
            "Intercom no longer accepts the access token: it was revoked, or the app was "
            "uninstalled. Connect the workspace again."
        )
    said = f" ({error.failure.message})" if error.failure.message else ""
    return f"{problem.title}{said}. {problem.remedy}"
