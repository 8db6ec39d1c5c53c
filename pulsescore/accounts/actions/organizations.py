"""Founding and renaming organizations."""

from datetime import datetime

from django.db import transaction

from pulsescore.accounts import audit
from pulsescore.accounts.access import Actor
from pulsescore.accounts.fields import raise_if_any, text_faults
from pulsescore.accounts.models import Membership, Organization, Role, User


def create_organization(user: User, *, name: str, now: datetime) -> Organization:
    """Found another organization, owned by this person; raises `Invalid`."""
    raise_if_any(text_faults("name", name, max_length=120))
    return found_organization(user, name=name, now=now)


@transaction.atomic
def found_organization(user: User, *, name: str, now: datetime) -> Organization:
    """Store an organization whose name was checked, with its owner."""
    organization = Organization.objects.create(name=name.strip(), created_at=now)
    Membership(org=organization, user=user, role=Role.OWNER, created_at=now).save()
    audit.record(org_id=organization.pk, user=user, action="organization.created", now=now)
    return organization


@transaction.atomic
def rename_organization(actor: Actor, *, name: str, now: datetime) -> Organization:
    """Give the organization another name; for admins."""
    actor.require(Role.ADMIN)
    raise_if_any(text_faults("name", name, max_length=120))
    organization = Organization.objects.select_for_update().get(id=actor.org_id)
    before, organization.name = organization.name, name.strip()
    if before != organization.name:
        organization.save(update_fields=["name"])
        audit.record_by(
            actor,
            "organization.renamed",
            details={"before": before, "after": organization.name},
            now=now,
        )
    return organization
