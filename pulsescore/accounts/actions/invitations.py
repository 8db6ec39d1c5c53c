"""Inviting people by e-mail: bound to the address, seven days, single use, revocable."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from pulsescore.accounts import audit, posting, throttle
from pulsescore.accounts.access import Actor
from pulsescore.accounts.actions.addresses import send_verification
from pulsescore.accounts.actions.people import create_person, person_faults
from pulsescore.accounts.fields import canonical_email, email_faults, raise_if_any
from pulsescore.accounts.links import invitation_link
from pulsescore.accounts.models import Invitation, Membership, Role, User
from pulsescore.accounts.queries import get_invitation_by_token
from pulsescore.accounts.secrets import hash_secret, new_secret
from pulsescore.core.errors import Conflict, Forbidden, NotFound

LIFETIME = timedelta(days=7)


def invite(actor: Actor, *, email: str, role: Role, now: datetime) -> Invitation:
    """Offer membership to an address and mail the link; an older offer to it is withdrawn.

    For admins; only owners invite owners. Raises `Invalid`, `Forbidden`, `Conflict` for a member,
    `TooMany`.
    """
    actor.require(Role.OWNER if role == Role.OWNER else Role.ADMIN)
    raise_if_any(email_faults("email", email))
    throttle.check(throttle.INVITE_PER_ORG, str(actor.org_id), now=now)
    address = canonical_email(email)
    if Membership.objects.for_org(actor.org_id).filter(user__email=address).exists():
        raise Conflict("This person is already a member.")
    with transaction.atomic():
        secret = new_secret()
        _withdraw_older(actor.org_id, address, now=now)
        invitation = Invitation(
            org_id=actor.org_id,
            email=address,
            role=role,
            token_hash=hash_secret(secret),
            invited_by=actor.user,
            created_at=now,
            expires_at=now + LIFETIME,
        )
        invitation.save(force_insert=True)
        _record(actor, invitation, "invitation.sent", now=now)
        _mail(invitation, secret=secret, now=now)
    return invitation


def renew_invitation(actor: Actor, *, invitation_id: int, now: datetime) -> Invitation:
    """Mail an open invitation once more, with a new link, valid for seven days from now.

    The former link ends. For admins; owners where an owner is invited. Raises `NotFound`,
    `TooMany`.
    """
    with transaction.atomic():
        invitation, secret = _renew(actor, invitation_id=invitation_id, mailed=True, now=now)
        _record(actor, invitation, "invitation.sent_again", now=now)
        _mail(invitation, secret=secret, now=now)
    return invitation


@transaction.atomic
def new_invitation_link(
    actor: Actor, *, invitation_id: int, now: datetime
) -> tuple[Invitation, str]:
    """A new link to an open invitation, to be handed over by other ways than mail; told this once.

    The former link ends. Raises as `renew_invitation` does.
    """
    invitation, secret = _renew(actor, invitation_id=invitation_id, mailed=False, now=now)
    _record(actor, invitation, "invitation.link_copied", now=now)
    return invitation, invitation_link(settings.PUBLIC_URL, secret)


@transaction.atomic
def revoke_invitation(actor: Actor, *, invitation_id: int, now: datetime) -> None:
    """Withdraw an invitation that was not accepted yet; for admins. Raises `NotFound`."""
    invitation = _lock_open(actor, invitation_id)
    invitation.revoked_at = now
    invitation.save(update_fields=["revoked_at"])
    _record(actor, invitation, "invitation.revoked", now=now)


@transaction.atomic
def accept_invitation(*, token: str, user: User, now: datetime) -> Membership:
    """Join with an invitation to this person's own address.

    Raises `NotFound` for a link that no longer works, `Forbidden` for another address, `Conflict`
    when the person is a member already.
    """
    invitation = get_invitation_by_token(token, now=now)
    if invitation.email != canonical_email(user.email):
        raise Forbidden("This invitation is for another e-mail address. Sign in with that one.")
    return _join(invitation, user, now=now)


@transaction.atomic
def register_invited(
    *, token: str, first_name: str, last_name: str, password: str, now: datetime
) -> tuple[User, Membership]:
    """Sign up through an invitation, without founding an organization.

    A link that came by mail proves the address; otherwise one that does is mailed. Raises
    `NotFound`, `Invalid`, or `Conflict` when the address has an account: then sign in and accept.
    """
    invitation = get_invitation_by_token(token, now=now)
    raise_if_any(
        person_faults(
            first_name=first_name,
            last_name=last_name,
            email=invitation.email,
            password=password,
        )
    )
    user = create_person(
        first_name=first_name,
        last_name=last_name,
        email=invitation.email,
        password=password,
        verified=invitation.mailed,
        time_zone=invitation.org.time_zone,
        now=now,
    )
    send_verification(user, now=now)
    return user, _join(invitation, user, now=now)


def _lock_open(actor: Actor, invitation_id: int) -> Invitation:
    actor.require(Role.ADMIN)
    invitation = (
        Invitation.objects.for_org(actor.org_id)
        .select_for_update(of=("self",))
        .select_related("org", "invited_by")
        .filter(id=invitation_id, accepted_at=None, revoked_at=None)
        .first()
    )
    if invitation is None:
        raise NotFound("There is no such open invitation.")
    if invitation.role == Role.OWNER:
        actor.require(Role.OWNER)
    return invitation


def _renew(
    actor: Actor, *, invitation_id: int, mailed: bool, now: datetime
) -> tuple[Invitation, str]:
    throttle.check(throttle.INVITE_PER_ORG, str(actor.org_id), now=now)
    invitation = _lock_open(actor, invitation_id)
    secret = new_secret()
    invitation.token_hash = hash_secret(secret)
    invitation.expires_at = now + LIFETIME
    invitation.mailed = mailed
    invitation.save(update_fields=["token_hash", "expires_at", "mailed"])
    return invitation, secret


def _join(invitation: Invitation, user: User, *, now: datetime) -> Membership:
    spent = Invitation.objects.for_org(invitation.org_id).filter(
        id=invitation.pk, accepted_at=None, revoked_at=None
    )
    if not spent.update(accepted_at=now):
        raise NotFound("This invitation was used already. Ask for a new one.")
    membership, created = _membership_once(invitation, user, now=now)
    if not created:
        raise Conflict("You are a member of this organization already.")
    audit.record(
        org_id=invitation.org_id,
        user=user,
        action="invitation.accepted",
        subject=f"invitation:{invitation.pk}",
        details={"role": invitation.role},
        now=now,
    )
    return membership


def _membership_once(
    invitation: Invitation, user: User, *, now: datetime
) -> tuple[Membership, bool]:
    return Membership.objects.for_org(invitation.org_id).get_or_create(
        org_id=invitation.org_id,
        user=user,
        defaults={"role": invitation.role, "created_at": now},
    )


def _withdraw_older(org_id: int, address: str, *, now: datetime) -> None:
    Invitation.objects.for_org(org_id).filter(
        email=address, accepted_at=None, revoked_at=None
    ).update(revoked_at=now)


def _record(actor: Actor, invitation: Invitation, action: str, *, now: datetime) -> None:
    audit.record_by(
        actor,
        action,
        subject=f"invitation:{invitation.pk}",
        details={"email": invitation.email, "role": invitation.role},
        now=now,
    )


def _mail(invitation: Invitation, *, secret: str, now: datetime) -> None:
    inviter = invitation.invited_by
    organization = invitation.org.name
    posting.send_on_commit(
        template="accounts/email/invitation",
        to=invitation.email,
        context={
            "inviter": inviter.get_full_name() if inviter else organization,
            "organization": organization,
            "role": invitation.get_role_display().lower(),
            "email": invitation.email,
            "expires_at": invitation.expires_at,
            "link": invitation_link(settings.PUBLIC_URL, secret),
        },
        now=now,
    )
