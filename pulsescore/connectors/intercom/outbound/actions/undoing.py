"""Undoing a write: what stood there before is written back, and ours is withheld from then on."""

from datetime import datetime
from typing import Any

from django.db import transaction

from pulsescore.accounts import audit
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom.models import Connection, Mode
from pulsescore.connectors.intercom.outbound import outbox
from pulsescore.connectors.intercom.outbound.models import Reason, WithheldValue, WriteRecord
from pulsescore.core.errors import Conflict, NotFound

_CANNOT = {
    "contact.merge": "Intercom cannot part contacts that became one.",
    "contact.convert": "Intercom cannot make a user a lead again.",
    "event": "Intercom cannot take back an event.",
}


@transaction.atomic
def undo(actor: Actor, connection: Connection, write_id: int, *, now: datetime) -> WriteRecord:
    """Have a write undone; ours is not sent again until it is another value.

    Raises `NotFound`, and `Conflict` for what cannot be undone, or was already.
    """
    actor.require(Role.ADMIN)
    rows = WriteRecord.objects.for_org(actor.org_id).filter(connection=connection)
    write = rows.select_for_update().filter(pk=write_id).first()
    if write is None:
        raise NotFound("There is no such write.")
    reason = why_not(write)
    if reason:
        raise Conflict(reason)
    if connection.mode != Mode.TWO_WAY:
        raise Conflict("This connection is read only: choose Two-way first.")
    _bring_back(connection, write, now=now)
    write.undone_at, write.undone_by = now, actor.user
    write.save(update_fields=["undone_at", "undone_by"])
    audit.record_by(
        actor,
        "intercom.write_undone",
        subject=connection.workspace_id,
        details={"write": write.pk, "kind": write.kind},
        now=now,
    )
    return write


def why_not(write: WriteRecord) -> str:
    """Why a write cannot be undone; empty where it can."""
    if write.undone_at is not None:
        return "This was undone already."
    if write.error:
        return "Intercom refused this, so there is nothing to undo."
    if write.customer_id is None and write.company_id is None:
        return "This follows the segment: change the segment, or who is sent."
    if write.kind in _CANNOT:
        return _CANNOT[write.kind]
    return "" if write.kind in _UNDONE else "This cannot be undone."


def _bring_back(connection: Connection, write: WriteRecord, *, now: datetime) -> None:
    asked: dict[str, Any] = {"customer_id": write.customer_id, "company_id": write.company_id}
    if write.kind in ("contact.update", "company.update"):
        _withhold(connection, write, dict(write.after), now=now)
        asked["values"] = {
            name: [ours, write.before.get(name)] for name, ours in write.after.items()
        }
    elif write.kind == "tag.attach":
        _withhold(connection, write, {f"tag:{write.after.get('tag_id')}": True}, now=now)
        asked["remove"] = [write.after["tag"]]
    elif write.kind == "tag.detach":
        _withhold(connection, write, {f"untag:{write.before.get('tag_id')}": True}, now=now)
        asked["add"] = [write.before["tag"]]
    elif write.kind == "contact.create":
        asked["archives"] = True
    outbox.ask_by_hand(connection, **asked, now=now)


_UNDONE = frozenset(
    {"contact.update", "company.update", "tag.attach", "tag.detach", "contact.create"}
)


def _withhold(
    connection: Connection, write: WriteRecord, values: dict[str, Any], *, now: datetime
) -> None:
    rows = WithheldValue.objects.for_org(connection.org_id)
    about = {"customer_id": write.customer_id, "company_id": write.company_id}
    for key, value in values.items():
        told = {"value": value, "reason": Reason.UNDONE, "message": "Undone.", "at": now}
        rows.update_or_create(
            connection=connection,
            key=key,
            **about,
            defaults=told,
            create_defaults={**told, "org_id": connection.org_id},
        )
