"""Setting up and removing second factors. Each change is mailed to the person and audited."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction

from pulsescore.accounts import audit, notices, throttle
from pulsescore.accounts.models import User
from pulsescore.accounts.queries import list_memberships
from pulsescore.accounts.two_step.factors import Kind, get_factors, new_recovery
from pulsescore.accounts.two_step.sealing import seal
from pulsescore.accounts.two_step.totp import matching_counter
from pulsescore.core.errors import Conflict, FieldFault, Invalid, NotFound

_WRONG = "The app shows another code. Scan again, and check that your device's clock is right."
_HAS_ONE = "An authenticator app is set up already. Remove it first."


def add_app(user: User, *, secret: str, code: str, now: datetime) -> list[str]:
    """Add an authenticator app that shows the right code; returns recovery codes made with it.

    The list is empty where there are some already. Raises `Invalid`, `Conflict`, `TooMany`.
    """
    throttle.check(throttle.SECOND_STEP_PER_ACCOUNT, str(user.pk), now=now)
    counter = matching_counter(secret, code, now=now, after=0)
    if counter is None:
        raise Invalid(FieldFault("code", _WRONG))
    data = {"secret": seal(secret), "last_counter": counter}
    with transaction.atomic():
        _store(Authenticator(user=user, type=Kind.TOTP, data=data, created_at=now))
        codes = ensure_recovery(user, now=now)
        tell(user, "An authenticator app", added=True, now=now)
    throttle.forgive(throttle.SECOND_STEP_PER_ACCOUNT, str(user.pk))
    return codes


@transaction.atomic
def remove_app(user: User, *, now: datetime) -> None:
    """Take the authenticator app away. Raises `NotFound`."""
    if not Authenticator.objects.filter(user=user, type=Kind.TOTP).delete()[0]:
        raise NotFound("No authenticator app is set up.")
    drop_useless_recovery(user)
    tell(user, "The authenticator app", added=False, now=now)


@transaction.atomic
def renew_recovery(user: User, *, now: datetime) -> list[str]:
    """Ten fresh recovery codes; the former ones end. Raises `NotFound` without a second factor."""
    if not get_factors(user).required:
        raise NotFound("Set up an authenticator app or a passkey first.")
    codes = list(new_recovery(user, now=now).wrap().generate_codes())
    tell(user, "A new set of recovery codes", added=True, now=now)
    return codes


def ensure_recovery(user: User, *, now: datetime) -> list[str]:
    """Recovery codes where there are none yet; otherwise an empty list."""
    if get_factors(user).codes_left:
        return []
    return list(new_recovery(user, now=now).wrap().generate_codes())


def drop_useless_recovery(user: User) -> None:
    """Recovery codes go with the last factor that they could replace."""
    if not get_factors(user).required:
        Authenticator.objects.filter(user=user, type=Kind.RECOVERY_CODES).delete()


def tell(user: User, what: str, *, added: bool, now: datetime) -> None:
    """Mail the person, and write it into the audit log of each of their organizations."""
    verb = "was added to" if added else "was removed from"
    notices.second_step_changed(user, what=f"{what} {verb} your PulseScore account.", now=now)
    protected = get_factors(user).required
    for membership in list_memberships(user):
        audit.record(
            org_id=membership.org_id,
            user=user,
            action="member.second_step_added" if added else "member.second_step_removed",
            subject=f"user:{user.pk}",
            details={"person": user.email, "what": what, "protected": protected},
            now=now,
        )


def _store(authenticator: Authenticator) -> None:
    try:
        with transaction.atomic():
            authenticator.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_HAS_ONE) from None
