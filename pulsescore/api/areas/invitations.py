"""Inviting people by e-mail, and joining."""

from datetime import datetime
from typing import Annotated

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import BaseModel

from pulsescore.accounts import actions, queries, throttle, tokens
from pulsescore.accounts.models import Invitation, Role, User
from pulsescore.api.areas.account_shapes import RoleName, SignedInOut, show_signed_in
from pulsescore.api.areas.auth import address_of
from pulsescore.api.bodies import StrictBody
from pulsescore.api.callers import MemberRequest, admin
from pulsescore.api.credentials import identify
from pulsescore.api.paging import PageQuery, Pagination, cut
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import FieldFault, Forbidden, Invalid

router = Router(tags=["Invitations"])


class InvitationOut(BaseModel):
    """An offer that can still be accepted; its token is only in the mail."""

    id: int
    email: str
    role: str
    invited_by: str | None
    created_at: datetime
    expires_at: datetime


class InvitationLinkOut(InvitationOut):
    """An offer with a link to hand over oneself: `link` is never shown again."""

    link: str


class InvitationsOut(BaseModel):
    """A page of open invitations."""

    invitations: list[InvitationOut]
    pagination: Pagination


class InvitationIn(StrictBody):
    """Whom to invite, and as what."""

    email: str
    role: RoleName = "member"


class AcceptIn(StrictBody):
    """The token of the mailed link; name and password for people without an account."""

    token: str
    first_name: str | None = None
    last_name: str | None = None
    password: str | None = None


@router.get("", response=InvitationsOut, auth=admin)
def list_invitations(request: MemberRequest, page: Annotated[PageQuery, Query()]) -> InvitationsOut:
    """Invitations that can still be accepted, newest first."""
    rows, told = cut(queries.list_invitations(request.auth.org_id, now=utcnow()), page)
    return InvitationsOut(invitations=[show_invitation(one) for one in rows], pagination=told)


@router.post("", response={201: InvitationOut}, auth=admin)
def invite(request: MemberRequest, body: InvitationIn) -> Status[InvitationOut]:
    """Invite an address; the link goes out by mail and works for seven days."""
    invitation = actions.invite(request.auth, email=body.email, role=Role(body.role), now=utcnow())
    return Status(201, show_invitation(invitation))


@router.post("/{id:invitation_id}/resend", response=InvitationOut, auth=admin)
def resend_invitation(request: MemberRequest, invitation_id: int) -> InvitationOut:
    """Mail an invitation again, with a new link for another seven days; the former link ends."""
    sent = actions.renew_invitation(request.auth, invitation_id=invitation_id, now=utcnow())
    return show_invitation(sent)


@router.post("/{id:invitation_id}/link", response=InvitationLinkOut, auth=admin)
def new_invitation_link(request: MemberRequest, invitation_id: int) -> InvitationLinkOut:
    """A new link to hand over by other ways than mail; the former link ends."""
    invitation, link = actions.new_invitation_link(
        request.auth, invitation_id=invitation_id, now=utcnow()
    )
    return InvitationLinkOut(**show_invitation(invitation).model_dump(), link=link)


@router.delete("/{id:invitation_id}", response={204: None}, auth=admin)
def revoke_invitation(request: MemberRequest, invitation_id: int) -> Status[None]:
    """Withdraw an invitation."""
    actions.revoke_invitation(request.auth, invitation_id=invitation_id, now=utcnow())
    return Status(204, None)


@router.post("/accept", response=SignedInOut, auth=None)
def accept_invitation(request: HttpRequest, body: AcceptIn) -> SignedInOut:
    """Join: signed in as the invited address, or by signing up with name and password."""
    now = utcnow()
    if body.password is None:
        return _join(request, body.token, now=now)
    throttle.check(throttle.REGISTER_PER_ADDRESS, address_of(request), now=now)
    if body.first_name is None or body.last_name is None:
        raise Invalid(FieldFault("first_name", "Tell first and last name to sign up."))
    user, membership = actions.register_invited(
        token=body.token,
        first_name=body.first_name,
        last_name=body.last_name,
        password=body.password,
        now=now,
    )
    return _enter(user, membership.org_id, now=now)


def _join(request: HttpRequest, token: str, *, now: datetime) -> SignedInOut:
    user = identify(request).user
    if user is None:
        raise Forbidden("An API key cannot do this; sign in as a person.")
    membership = actions.accept_invitation(token=token, user=user, now=now)
    return _enter(user, membership.org_id, now=now)


def _enter(user: User, org_id: int, *, now: datetime) -> SignedInOut:
    pair = tokens.issue(user=user, org_id=org_id, secret_key=settings.CONFIG.secret_key, now=now)
    return show_signed_in(user, queries.list_memberships(user).filter(org_id=org_id).first(), pair)


def show_invitation(invitation: Invitation) -> InvitationOut:
    """An invitation's shape."""
    inviter = invitation.invited_by
    return InvitationOut(
        id=invitation.pk,
        email=invitation.email,
        role=invitation.role,
        invited_by=inviter.get_full_name() if inviter else None,
        created_at=invitation.created_at,
        expires_at=invitation.expires_at,
    )
