"""Founding organizations, and what they say about themselves."""

from datetime import datetime

from django.db import transaction

from pulsescore.accounts import audit
from pulsescore.accounts.access import Actor
from pulsescore.accounts.fields import (
    email_faults,
    raise_if_any,
    text_faults,
    time_zone_faults,
)
from pulsescore.accounts.models import Membership, Organization, Role, User
from pulsescore.core.errors import FieldFault


def create_organization(user: User, *, name: str, now: datetime) -> Organization:
    """Found another organization, owned by this person; raises `Invalid`."""
    raise_if_any(text_faults("name", name, max_length=120))
    return found_organization(user, name=name, now=now)


@transaction.atomic
def found_organization(user: User, *, name: str, now: datetime) -> Organization:
    """Store an organization whose name was checked, with its owner."""
    organization = Organization.objects.create(
        name=name.strip(), time_zone=user.time_zone, created_at=now
    )
    Membership(org=organization, user=user, role=Role.OWNER, created_at=now).save()
    audit.record(org_id=organization.pk, user=user, action="organization.created", now=now)
    return organization


def rename_organization(actor: Actor, *, name: str, now: datetime) -> Organization:
    """Give the organization another name; for admins."""
    return update_organization(actor, name=name, now=now)


@transaction.atomic
def update_organization(
    actor: Actor,
    *,
    name: str | None = None,
    time_zone: str | None = None,
    support_contact: str | None = None,
    billing_contact: str | None = None,
    now: datetime,
) -> Organization:
    """Change what was given, leave the rest; for admins, the billing contact for owners.

    Raises `Invalid` field by field, `Forbidden`.
    """
    actor.require(Role.ADMIN)
    given = {
        "name": name,
        "time_zone": time_zone,
        "support_contact": support_contact,
        "billing_contact": billing_contact,
    }
    wanted = {field: value.strip() for field, value in given.items() if value is not None}
    raise_if_any(_faults(wanted))
    organization = Organization.objects.select_for_update().get(id=actor.org_id)
    changed = {k: v for k, v in wanted.items() if v != getattr(organization, k)}
    if "billing_contact" in changed:
        actor.require(Role.OWNER)
    if not changed:
        return organization
    before = {field: getattr(organization, field) for field in changed}
    for field, value in changed.items():
        setattr(organization, field, value)
    organization.save(update_fields=list(changed))
    _record(actor, before=before, after=changed, now=now)
    return organization


def _faults(wanted: dict[str, str]) -> list[FieldFault]:
    faults: list[FieldFault] = []
    if "name" in wanted:
        faults += text_faults("name", wanted["name"], max_length=120)
    if "time_zone" in wanted:
        faults += time_zone_faults("time_zone", wanted["time_zone"])
    if wanted.get("support_contact"):
        faults += text_faults("support_contact", wanted["support_contact"], max_length=200)
    if wanted.get("billing_contact"):
        faults += email_faults("billing_contact", wanted["billing_contact"])
    return faults


def _record(actor: Actor, *, before: dict[str, str], after: dict[str, str], now: datetime) -> None:
    if "name" in after:
        names = {"before": before["name"], "after": after["name"]}
        audit.record_by(actor, "organization.renamed", details=names, now=now)
    rest = {k: {"before": before[k], "after": after[k]} for k in after if k != "name"}
    if rest:
        audit.record_by(actor, "organization.changed", details=rest, now=now)
