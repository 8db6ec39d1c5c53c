"""Reads about people and organizations. Roles are read afresh each time, never remembered."""

from datetime import datetime

from django.db.models import Q, QuerySet

from pulsescore.accounts.access import Actor, Via
from pulsescore.accounts.models import (
    ApiKey,
    AuditEntry,
    Invitation,
    Membership,
    Organization,
    Role,
    User,
)
from pulsescore.accounts.secrets import hash_secret
from pulsescore.core.errors import NotFound

_OWN_MEMBERSHIPS = "a person's own memberships, to find the organizations they may enter"
_BY_HASH = "the secret names the row, whatever its organization"


def get_actor(*, user: User, org_id: int, via: Via = "session") -> Actor:
    """The person acting in an organization; raises `NotFound` where they do not belong."""
    membership = Membership.objects.for_org(org_id).filter(user=user, org__deleted_at=None).first()
    if membership is None or not user.is_active:
        raise NotFound("There is no such organization.")
    return Actor(user=user, org_id=org_id, role=Role(membership.role), via=via)


def list_memberships(user: User) -> QuerySet[Membership]:
    """A person's memberships with their organizations, in the order they joined."""
    return (
        Membership.objects.across_orgs(_OWN_MEMBERSHIPS)
        .filter(user=user, org__deleted_at=None)
        .select_related("org")
        .order_by("created_at", "id")
    )


def default_org_id(user: User) -> int | None:
    """The organization a person enters unless they choose: the first they joined."""
    return list_memberships(user).values_list("org_id", flat=True).first()


def has_account(email: str) -> bool:
    """Whether somebody signs in with this address."""
    return User.objects.filter(email=email, is_active=True).exists()


def get_organization(org_id: int) -> Organization:
    """The organization; raises `NotFound`."""
    organization = Organization.objects.filter(id=org_id, deleted_at=None).first()
    if organization is None:
        raise NotFound("There is no such organization.")
    return organization


def list_members(org_id: int) -> QuerySet[Membership]:
    """Members with their people, in the order they joined."""
    return Membership.objects.for_org(org_id).select_related("user").order_by("created_at", "id")


def list_invitations(org_id: int, *, now: datetime) -> QuerySet[Invitation]:
    """Invitations that can still be accepted, newest first."""
    return (
        Invitation.objects.for_org(org_id)
        .filter(accepted_at=None, revoked_at=None, expires_at__gt=now)
        .select_related("invited_by")
        .order_by("-created_at", "-id")
    )


def get_invitation_by_token(token: str, *, now: datetime) -> Invitation:
    """The invitation a link leads to; raises `NotFound` when used, revoked, expired or unknown."""
    invitation = (
        Invitation.objects.across_orgs(_BY_HASH)
        .filter(token_hash=hash_secret(token))
        .filter(accepted_at=None, revoked_at=None, expires_at__gt=now)
        .select_related("org", "invited_by")
        .first()
    )
    if invitation is None:
        raise NotFound("This invitation was used, withdrawn or has expired. Ask for a new one.")
    return invitation


def list_api_keys(org_id: int) -> QuerySet[ApiKey]:
    """Keys that were not revoked, newest first; expired ones are listed so that they are seen."""
    return (
        ApiKey.objects.for_org(org_id)
        .filter(revoked_at=None)
        .select_related("created_by")
        .order_by("-created_at", "-id")
    )


def find_api_key(secret: str, *, now: datetime) -> ApiKey | None:
    """The key with this secret, if it is neither revoked nor expired."""
    return (
        ApiKey.objects.across_orgs(_BY_HASH)
        .filter(key_hash=hash_secret(secret), revoked_at=None)
        .filter(Q(expires_at=None) | Q(expires_at__gt=now))
        .first()
    )


def list_audit(
    org_id: int,
    *,
    action: str = "",
    user_id: int | None = None,
    since: datetime | None = None,
    before: datetime | None = None,
) -> QuerySet[AuditEntry]:
    """The audit log, newest first; `action` filters by prefix ("api_key" finds all about keys).

    `since` is included, `before` is not.
    """
    entries = AuditEntry.objects.for_org(org_id).select_related("user").order_by("-at", "-id")
    if action:
        entries = entries.filter(action__startswith=action)
    if user_id is not None:
        entries = entries.filter(user_id=user_id)
    if since is not None:
        entries = entries.filter(at__gte=since)
    if before is not None:
        entries = entries.filter(at__lt=before)
    return entries
