"""How people, organizations and their memberships look in the API."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from pulsescore.accounts.models import Membership, Organization, User
from pulsescore.accounts.tokens import ACCESS_LIFETIME, Tokens

RoleName = Literal["member", "admin", "owner"]


class UserOut(BaseModel):
    """A person, as they see themselves."""

    id: int
    email: str
    email_verified: bool
    first_name: str
    last_name: str
    time_zone: str
    theme: str
    created_at: datetime


class OrganizationOut(BaseModel):
    """An organization, with the role the caller holds in it."""

    id: int
    name: str
    time_zone: str
    support_contact: str
    role: str
    created_at: datetime


class TokensOut(BaseModel):
    """A pair of bearer tokens; `expires_in` is the access token's, in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int


class SignedInOut(BaseModel):
    """What signing up, in, or on answers."""

    user: UserOut
    organization: OrganizationOut | None
    tokens: TokensOut


def show_user(user: User) -> UserOut:
    """A person's shape."""
    return UserOut(
        id=user.pk,
        email=user.email,
        email_verified=user.email_verified_at is not None,
        first_name=user.first_name,
        last_name=user.last_name,
        time_zone=user.time_zone,
        theme=user.theme,
        created_at=user.created_at,
    )


def show_organization(organization: Organization, role: str) -> OrganizationOut:
    """An organization's shape."""
    return OrganizationOut(
        id=organization.pk,
        name=organization.name,
        time_zone=organization.time_zone,
        support_contact=organization.support_contact,
        role=role,
        created_at=organization.created_at,
    )


def show_signed_in(user: User, membership: Membership | None, tokens: Tokens) -> SignedInOut:
    """The answer to a log-in; without a membership there is no organization to show yet."""
    organization = membership and show_organization(membership.org, membership.role)
    return SignedInOut(
        user=show_user(user),
        organization=organization or None,
        tokens=TokensOut(
            access_token=tokens.access_token,
            refresh_token=tokens.refresh_token,
            expires_in=int(ACCESS_LIFETIME.total_seconds()),
        ),
    )
