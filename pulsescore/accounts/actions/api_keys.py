"""Keys for programs: shown once, kept as a hash, bound to a role, expiring, revocable."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from pulsescore.accounts import audit
from pulsescore.accounts.access import RANK, Actor
from pulsescore.accounts.fields import raise_if_any, text_faults
from pulsescore.accounts.models import ApiKey, Role, Scope, all_scopes
from pulsescore.accounts.secrets import API_KEY_PREFIX, hash_secret, new_secret, shown_part
from pulsescore.core.errors import FieldFault, Forbidden, NotFound

ALL_SCOPES = tuple(all_scopes())
_USE_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def create_api_key(
    actor: Actor,
    *,
    name: str,
    role: Role,
    scopes: Sequence[str] = ALL_SCOPES,
    expires_at: datetime | None,
    now: datetime,
) -> tuple[ApiKey, str]:
    """Make a key; the second value is its secret, told this once. For admins in person.

    A key without the scope `write` only reads, whatever its role. Raises `Invalid`, `Forbidden`
    for a role above one's own.
    """
    actor.require(Role.ADMIN)
    person = actor.require_person()
    if RANK[role] > RANK[actor.role]:
        raise Forbidden("A key cannot hold a role above your own.")
    faults = text_faults("name", name, max_length=80)
    if expires_at is not None and expires_at <= now:
        faults.append(FieldFault("expires_at", "Choose an instant in the future."))
    if Scope.READ not in scopes or not set(scopes) <= set(ALL_SCOPES):
        faults.append(FieldFault("scopes", "Choose read, or read and write."))
    raise_if_any(faults)
    secret = new_secret(API_KEY_PREFIX)
    key = ApiKey(
        org_id=actor.org_id,
        name=name.strip(),
        prefix=shown_part(secret),
        key_hash=hash_secret(secret),
        role=role,
        scopes=[scope for scope in ALL_SCOPES if scope in scopes],
        created_by=person,
        created_at=now,
        expires_at=expires_at,
    )
    key.save(force_insert=True)
    audit.record_by(
        actor,
        "api_key.created",
        subject=f"api_key:{key.pk}",
        details={"name": key.name, "role": role, "scopes": key.scopes},
        now=now,
    )
    return key, secret


@transaction.atomic
def revoke_api_key(actor: Actor, *, key_id: int, now: datetime) -> None:
    """End a key at once; for admins. Raises `NotFound`."""
    actor.require(Role.ADMIN)
    live = ApiKey.objects.for_org(actor.org_id).filter(id=key_id, revoked_at=None)
    key = live.select_for_update().first()
    if key is None:
        raise NotFound("There is no such API key.")
    live.update(revoked_at=now)
    audit.record_by(
        actor, "api_key.revoked", subject=f"api_key:{key_id}", details={"name": key.name}, now=now
    )


def note_use(key: ApiKey, *, now: datetime) -> None:
    """Remember when the key was last used, at most once a minute."""
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - _USE_NOTED_EVERY)
    if key.last_used_at is None or key.last_used_at < now - _USE_NOTED_EVERY:
        ApiKey.objects.for_org(key.org_id).filter(stale, id=key.pk).update(last_used_at=now)
