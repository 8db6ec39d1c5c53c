"""Deleting an organization: from that instant nobody enters it; its rows follow soon after."""

from datetime import datetime

import structlog
from django.db import transaction

from pulsescore.accounts import audit, notices
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import (
    ApiKey,
    Invitation,
    Membership,
    Organization,
    OrganizationRemoval,
    RefreshToken,
    Role,
    User,
)
from pulsescore.core.errors import FieldFault, Invalid, NotFound
from pulsescore.core.removal import remove_rows

log = structlog.get_logger(__name__)


@transaction.atomic
def close_organization(actor: Actor, *, confirmation: str, now: datetime) -> Organization:
    """Close an organization for good; for owners in person, who type its name.

    Members, keys, log-ins by token and invitations end with it. Raises `Invalid`, `Forbidden`,
    and `NotFound` when it is closed already.
    """
    actor.require(Role.OWNER)
    person = actor.require_person()
    organization = Organization.objects.select_for_update().get(id=actor.org_id)
    if organization.deleted_at is not None:
        raise NotFound("This organization is deleted already.")
    if " ".join(confirmation.split()) != " ".join(organization.name.split()):
        raise Invalid(FieldFault("confirmation", f"Type the name exactly: {organization.name}"))
    organization.deleted_at = now
    organization.save(update_fields=["deleted_at"])
    OrganizationRemoval.objects.create(
        org_id=organization.pk, requested_by=person, requested_at=now
    )
    audit.record_by(actor, "organization.deleted", details={"name": organization.name}, now=now)
    _end_access(organization.pk, now=now)
    _tell_owners(organization, person, now=now)
    log.info("organization.closed", org_id=organization.pk)
    return organization


def list_unremoved() -> list[int]:
    """Closed organizations whose rows are still there."""
    closed = Organization.objects.filter(deleted_at__isnull=False)
    return list(closed.order_by("id").values_list("id", flat=True))


def remove_closed(org_id: int, *, now: datetime) -> int:
    """Remove every row of a closed organization, itself last; returns how many rows went.

    Goes on where a killed process stopped; an organization that is not closed is left alone.
    """
    organization = Organization.objects.filter(id=org_id, deleted_at__isnull=False).first()
    if organization is None:
        return 0
    rows = remove_rows(Organization, org_id)
    removal = OrganizationRemoval.objects.filter(org_id=org_id)
    removal.update(finished_at=now, rows=rows)
    log.info("organization.removed", org_id=org_id, rows=rows)
    return rows


def _end_access(org_id: int, *, now: datetime) -> None:
    ApiKey.objects.for_org(org_id).filter(revoked_at=None).update(revoked_at=now)
    Invitation.objects.for_org(org_id).filter(accepted_at=None, revoked_at=None).update(
        revoked_at=now
    )
    RefreshToken.objects.filter(org_id=org_id, revoked_at=None).update(revoked_at=now)


def _tell_owners(organization: Organization, person: User, *, now: datetime) -> None:
    owners = Membership.objects.for_org(organization.pk).filter(
        role=Role.OWNER, user__is_active=True
    )
    for membership in owners.select_related("user"):
        notices.organization_deleted(
            membership.user, name=organization.name, by=person.get_full_name(), now=now
        )
