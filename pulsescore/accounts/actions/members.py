"""Changing roles and leaving. Owners manage owners, and the last owner stays."""

from datetime import datetime

from django.db import transaction

from pulsescore.accounts import audit, tokens
from pulsescore.accounts.access import RANK, Actor
from pulsescore.accounts.models import ApiKey, Membership, Organization, Role
from pulsescore.core.errors import Conflict, Forbidden, NotFound

_LAST_OWNER = "An organization keeps at least one owner. Make somebody else owner first."


@transaction.atomic
def change_role(actor: Actor, *, membership_id: int, role: Role, now: datetime) -> Membership:
    """Give a member another role; for admins, and for owners where an owner is concerned.

    Raises `NotFound`, `Forbidden`, or `Conflict` for the last owner.
    """
    membership = _lock_member(actor, membership_id)
    actor.require(Role.ADMIN)
    before = Role(membership.role)
    if Role.OWNER in {before, role}:
        actor.require(Role.OWNER)
    if before == role:
        return membership
    if before == Role.OWNER:
        _keep_an_owner(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    _revoke_keys(membership, above=role, now=now)
    audit.record_by(
        actor,
        "member.role_changed",
        subject=f"user:{membership.user_id}",
        details={"person": membership.user.email, "before": before, "after": role},
        now=now,
    )
    return membership


@transaction.atomic
def remove_member(actor: Actor, *, membership_id: int, now: datetime) -> None:
    """Remove a member, or leave oneself; their log-ins here and the keys they made end at once.

    Raises `NotFound`, `Forbidden`, or `Conflict` for the last owner.
    """
    membership = _lock_member(actor, membership_id)
    leaving = actor.user is not None and membership.user_id == actor.user.pk
    if not leaving:
        actor.require(Role.OWNER if membership.role == Role.OWNER else Role.ADMIN)
    if membership.role == Role.OWNER:
        _keep_an_owner(membership)
    _revoke_keys(membership, above=None, now=now)
    tokens.revoke_user(membership.user, org_id=actor.org_id, now=now)
    subject = f"user:{membership.user_id}"
    role = membership.role
    membership.delete()
    action = "member.left" if leaving else "member.removed"
    details = {"person": membership.user.email, "role": role}
    audit.record_by(actor, action, subject=subject, details=details, now=now)


def _lock_member(actor: Actor, membership_id: int) -> Membership:
    # Everybody who changes roles of this organization waits here, so that two owners who demote
    # each other at the same moment cannot both succeed; and the actor's own role is read again.
    Organization.objects.select_for_update().get(id=actor.org_id)
    members = Membership.objects.for_org(actor.org_id)
    if actor.user is not None:
        own = members.filter(user=actor.user).first()
        if own is None or RANK[Role(own.role)] < RANK[actor.role]:
            raise Forbidden("Your role in this organization has just changed. Try again.")
    membership = members.select_related("user").filter(id=membership_id).first()
    if membership is None:
        raise NotFound("There is no such member.")
    return membership


def _keep_an_owner(leaving: Membership) -> None:
    others = Membership.objects.for_org(leaving.org_id).filter(role=Role.OWNER)
    if not others.exclude(id=leaving.pk).exists():
        raise Conflict(_LAST_OWNER)


def _revoke_keys(membership: Membership, *, above: Role | None, now: datetime) -> None:
    """Keys outlive no right of the person who made them."""
    kept = [role for role in Role if above is not None and RANK[role] <= RANK[above]]
    (
        ApiKey.objects.for_org(membership.org_id)
        .filter(created_by_id=membership.user_id, revoked_at=None)
        .exclude(role__in=kept)
        .update(revoked_at=now)
    )
