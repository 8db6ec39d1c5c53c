"""The audit log: one row for each configuration change, written in the change's transaction."""

from datetime import datetime
from typing import Any

from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import AuditEntry, User


def record(
    *,
    org_id: int,
    user: User | None,
    action: str,
    subject: str = "",
    details: dict[str, Any] | None = None,
    now: datetime,
) -> AuditEntry:
    """Write down who did what to which subject. Never put secrets into `details`."""
    entry = AuditEntry(
        org_id=org_id,
        user=user,
        action=action,
        subject=subject[:128],
        details=details or {},
        at=now,
    )
    entry.save(force_insert=True)
    return entry


def record_by(
    actor: Actor,
    action: str,
    *,
    subject: str = "",
    details: dict[str, Any] | None = None,
    now: datetime,
) -> AuditEntry:
    """Write down what an actor did; an API key is named by its id."""
    known = dict(details or {})
    if actor.api_key_id is not None:
        known["api_key"] = actor.api_key_id
    return record(
        org_id=actor.org_id,
        user=actor.user,
        action=action,
        subject=subject,
        details=known,
        now=now,
    )
