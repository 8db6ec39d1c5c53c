"""Proving that a mailbox is one's own: at sign-up, and before an account moves to another address.

The links are allauth's: signed, for one address, working once and for three days.
"""

from datetime import datetime

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.conf import settings
from django.db import IntegrityError, transaction

from pulsescore.accounts import notices, posting, throttle
from pulsescore.accounts.fields import canonical_email, email_faults, raise_if_any
from pulsescore.accounts.links import verification_link
from pulsescore.accounts.models import User
from pulsescore.core.errors import Conflict, FieldFault, Invalid, NotFound

_TAKEN = "Another account has this e-mail address."
_DEAD_LINK = "This link was used already or has expired. Send a new one from your profile."


def send_verification(user: User, *, now: datetime) -> bool:
    """Mail a link that proves the account's address; returns False where it is proved already.

    Raises `TooMany`.
    """
    if user.email_verified_at is not None:
        return False
    throttle.check(throttle.VERIFY_PER_ACCOUNT, user.email, now=now)
    address, _created = EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"primary": True, "verified": False}
    )
    _mail(address, moving=False, now=now)
    return True


def request_new_address(user: User, *, email: str, now: datetime) -> EmailAddress:
    """Mail a link to the address that the account shall move to; until it is opened nothing moves.

    An older wish is dropped. Raises `Invalid`, `TooMany`.
    """
    raise_if_any(email_faults("email", email))
    wanted = canonical_email(email)
    if wanted == user.email:
        raise Invalid(FieldFault("email", "This is your address already."))
    if User.objects.filter(email=wanted).exists():
        raise Invalid(FieldFault("email", _TAKEN))
    throttle.check(throttle.VERIFY_PER_ACCOUNT, user.email, now=now)
    with transaction.atomic():
        drop_new_address(user)
        address = EmailAddress.objects.create(
            user=user, email=wanted, primary=False, verified=False
        )
        _mail(address, moving=True, now=now)
    return address


def drop_new_address(user: User) -> None:
    """Stay with the present address; a link sent to another one no longer works."""
    EmailAddress.objects.filter(user=user, primary=False, verified=False).delete()


def find_new_address(user: User) -> str:
    """The address that the account will move to once its link is opened, or nothing."""
    waiting = EmailAddress.objects.filter(user=user, primary=False, verified=False).first()
    return waiting.email if waiting else ""


def find_address_of_link(key: str) -> str:
    """The address that a mailed link proves; raises `NotFound` when it no longer works."""
    found = EmailConfirmationHMAC.from_key(key)
    if found is None:
        raise NotFound(_DEAD_LINK)
    return str(found.email_address.email)


@transaction.atomic
def verify_address(*, key: str, now: datetime) -> User:
    """Open a mailed link: the address is proved, and the account moves to it where that was asked.

    Raises `NotFound` for a link that no longer works, `Conflict` when somebody else took the
    address meanwhile.
    """
    found = EmailConfirmationHMAC.from_key(key)
    if found is None:
        raise NotFound(_DEAD_LINK)
    address = found.email_address
    user = User.objects.select_for_update().get(id=address.user_id)
    if address.email == user.email:
        mark_verified(user, now=now)
    else:
        _move(user, address, now=now)
    return user


def mark_verified(user: User, *, now: datetime) -> None:
    """This person was seen to read the mailbox of the account's address."""
    if user.email_verified_at is None:
        user.email_verified_at = now
        user.save(update_fields=["email_verified_at"])
    EmailAddress.objects.filter(user=user, email=user.email).update(verified=True)


def _move(user: User, address: EmailAddress, *, now: datetime) -> None:
    former = user.email
    user.email = address.email
    user.email_verified_at = now
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "email_verified_at"])
    except IntegrityError:
        raise Conflict(_TAKEN) from None
    EmailAddress.objects.filter(user=user).exclude(id=address.pk).delete()
    EmailAddress.objects.filter(id=address.pk).update(primary=True, verified=True)
    notices.address_changed(user, former=former, now=now)


def _mail(address: EmailAddress, *, moving: bool, now: datetime) -> None:
    key = EmailConfirmationHMAC(address).key
    posting.send_on_commit(
        template="accounts/email/verify_address",
        to=address.email,
        context={
            "email": address.email,
            "moving": moving,
            "link": verification_link(settings.PUBLIC_URL, key),
        },
        now=now,
    )
