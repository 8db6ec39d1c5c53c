"""States of an Intercom connection that its pages must be able to tell."""

from datetime import datetime, timedelta

from pulsescore.connectors.intercom import connection_log
from pulsescore.connectors.intercom.api.errors import Failure
from pulsescore.connectors.intercom.models import (
    Connection,
    InboxNotification,
    Severity,
    SyncRun,
)
from tests import seeding

BODY = b'{"topic":"contact.user.updated","data":{"item":{"id":"5f","name":"Mia <script>"}}}'


def first_import(connection: Connection, *, now: datetime, status: str = "running") -> SyncRun:
    """A connection that has never imported anything, and its first run."""
    Connection.objects.for_org(connection.org_id).filter(pk=connection.pk).update(
        last_sync_at=None, synced_through=None, last_webhook_at=None
    )
    run = seeding.add_run(connection, status=status, now=now)
    run.phases = {
        "companies": _counts(120, 120),
        "contacts": _counts(12_400, 50_000, skipped=312, failed=1),
        "conversations": _counts(0, 81_000),
    }
    run.imported = 12_087 if status == "running" else 0
    run.save()
    return run


def add_delivery(
    connection: Connection,
    *,
    name: str,
    now: datetime,
    state: str = "done",
    topic: str = "conversation.user.replied",
    error: str = "",
) -> InboxNotification:
    """A stored notification in one of its states."""
    row = InboxNotification(
        org_id=connection.org_id,
        connection=connection,
        notification_id=name,
        topic=topic,
        body=BODY,
        received_at=now,
        notified_at=now,
        next_attempt_at=now,
        state=state,
        attempts=5 if state == "dead" else 0,
        processed_at=None if state == "pending" else now,
        error=error,
    )
    row.save(force_insert=True)
    return row


def fall_silent(connection: Connection, *, now: datetime, changes: int = 14) -> SyncRun:
    """Incremental syncing found changes after the last webhook."""
    run = seeding.add_run(connection, status="succeeded", now=now + timedelta(seconds=1))
    run.kind, run.trigger, run.unannounced = "incremental", "schedule", changes
    run.created_at = now + timedelta(seconds=1)
    run.phases = {"contacts": _counts(3, None), "conversations": _counts(changes, None)}
    run.save()
    return run


def refuse_losses(connection: Connection, *, now: datetime) -> SyncRun:
    """A reconciliation missed more than it believes."""
    run = seeding.add_run(connection, status="succeeded", now=now)
    run.kind, run.trigger, run.created_at = "reconcile", "schedule", now
    run.phases = {
        "contacts": _counts(760, 760),
        "conversations": _counts(310, 310),
        "sweep": {
            **_counts(0, None),
            "missing_contacts": 1_240,
            "refused_customer": 1_240,
            "held_customer": 2_000,
            "reread_conversations": 12,
        },
    }
    run.save()
    return run


def add_troubles(connection: Connection, *, now: datetime) -> None:
    """Lines of the log of each kind and severity."""
    failure = Failure(
        method="POST",
        path="/conversations/search",
        status=403,
        code="action_forbidden",
        message="Token lacks the permission read_conversations",
        request_id="req_000sc1oa0bcdefg",
    )
    connection_log.write_failures(connection, [(now - timedelta(minutes=9), failure)])
    lost = Failure(method="GET", path="/companies/list")
    connection_log.write_failures(connection, [(now - timedelta(days=3), lost)])
    connection_log.write(
        connection,
        connection_log.SETTING,
        "Settings changed",
        details={"conversation_days": 120, "replaced": ["webhook_secret"]},
        now=now - timedelta(days=2),
    )
    connection_log.write(
        connection,
        connection_log.WEBHOOK,
        "14 conversations had changed in Intercom without a webhook announcing it",
        severity=Severity.WARNING,
        now=now - timedelta(minutes=30),
    )


def _counts(
    done: int, total: int | None, *, skipped: int = 0, failed: int = 0
) -> dict[str, int | None]:
    imported = done - skipped - failed
    return {
        "done": done,
        "total": total,
        "imported": imported,
        "skipped": skipped,
        "failed": failed,
    }
