"""Write keys: made, renamed in what they forward, revoked; each by an admin and audited."""

import secrets
from datetime import datetime
from typing import Final

from django.db import transaction

from pulsescore.accounts import audit
from pulsescore.accounts.access import Actor
from pulsescore.accounts.fields import raise_if_any, text_faults
from pulsescore.accounts.models import Role
from pulsescore.core.errors import Conflict, NotFound
from pulsescore.ingest.models import ArrivedBatch, WriteKey

MOST_KEYS: Final = 50
_PREFIX: Final = "wk_"


@transaction.atomic
def create_write_key(
    actor: Actor, *, name: str, forwards_to_messenger: bool = False, now: datetime
) -> WriteKey:
    """Make a key for a website or program; admins only. Raises `Invalid`, or `Conflict`."""
    actor.require(Role.ADMIN)
    raise_if_any(text_faults("name", name, max_length=80))
    if WriteKey.objects.for_org(actor.org_id).filter(revoked_at=None).count() >= MOST_KEYS:
        raise Conflict(f"There are {MOST_KEYS} write keys already. Revoke one first.")
    key = WriteKey(
        org_id=actor.org_id,
        name=name.strip(),
        key=_PREFIX + secrets.token_urlsafe(24),
        forwards_to_messenger=forwards_to_messenger,
        created_by=actor.user,
        created_at=now,
    )
    key.save(force_insert=True)
    _record(actor, "write_key.created", key, now=now)
    return key


@transaction.atomic
def change_write_key(
    actor: Actor, *, key_id: int, forwards_to_messenger: bool, now: datetime
) -> WriteKey:
    """Switch forwarding to Intercom's Messenger; admins only. Raises `NotFound`."""
    actor.require(Role.ADMIN)
    key = _locked(actor, key_id)
    if key.forwards_to_messenger != forwards_to_messenger:
        key.forwards_to_messenger = forwards_to_messenger
        key.save(update_fields=["forwards_to_messenger"])
        switched = "on" if forwards_to_messenger else "off"
        _record(actor, f"write_key.forwarding_{switched}", key, now=now)
    return key


@transaction.atomic
def revoke_write_key(actor: Actor, *, key_id: int, now: datetime) -> None:
    """End a key: from a second later on its calls are refused. Admins only; raises `NotFound`."""
    actor.require(Role.ADMIN)
    key = _locked(actor, key_id)
    key.revoked_at = now
    key.save(update_fields=["revoked_at"])
    _record(actor, "write_key.revoked", key, now=now)


@transaction.atomic
def retry_given_up(actor: Actor, *, now: datetime) -> int:
    """Have calls that were given up applied again; returns how many requests they came in."""
    actor.require(Role.ADMIN)
    rows = ArrivedBatch.objects.for_org(actor.org_id).filter(next_attempt_at=None)
    count = rows.update(next_attempt_at=now, attempts=0)
    if count:
        details = {"count": count}
        audit.record_by(actor, "write_key.calls_retried", subject="", details=details, now=now)
    return count


def _locked(actor: Actor, key_id: int) -> WriteKey:
    rows = WriteKey.objects.for_org(actor.org_id).filter(pk=key_id, revoked_at=None)
    key = rows.select_for_update().first()
    if key is None:
        raise NotFound("There is no such write key. It may have been revoked already.")
    return key


def _record(actor: Actor, action: str, key: WriteKey, *, now: datetime) -> None:
    details = {"name": key.name}
    audit.record_by(actor, action, subject=f"write_key:{key.pk}", details=details, now=now)
