"""The second step itself: a code of the app, or a recovery code instead."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from pulsescore.accounts import throttle
from pulsescore.accounts.models import User
from pulsescore.accounts.two_step.factors import Factors, get_factors
from pulsescore.accounts.two_step.sealing import unseal
from pulsescore.accounts.two_step.totp import matching_counter
from pulsescore.core.errors import FieldFault, Invalid

_WRONG = "This code is wrong, was used already or is too old. Enter the one the app shows now."


def prove_with_code(user: User, *, code: str, now: datetime) -> bool:
    """Accept a code of the app, or a recovery code; each works once.

    Returns whether it was a recovery code. Raises `Invalid`, and `TooMany` after ten attempts in
    five minutes.
    """
    throttle.check(throttle.SECOND_STEP_PER_ACCOUNT, str(user.pk), now=now)
    with transaction.atomic():
        # Two attempts with one code meet here: the later one finds it spent.
        User.objects.select_for_update().only("id").get(id=user.pk)
        factors = get_factors(user)
        by_app = _spend_app_code(factors.app, code, now=now)
        by_recovery = not by_app and _spend_recovery_code(factors, code, now=now)
    if not by_app and not by_recovery:
        raise Invalid(FieldFault("code", _WRONG))
    throttle.forgive(throttle.SECOND_STEP_PER_ACCOUNT, str(user.pk))
    return by_recovery


def _spend_app_code(app: Authenticator | None, code: str, *, now: datetime) -> bool:
    if app is None:
        return False
    counter = matching_counter(
        unseal(app.data["secret"]), code, now=now, after=app.data.get("last_counter", 0)
    )
    if counter is None:
        return False
    app.data["last_counter"] = counter
    app.last_used_at = now
    app.save(update_fields=["data", "last_used_at"])
    return True


def _spend_recovery_code(factors: Factors, code: str, *, now: datetime) -> bool:
    # Recovery codes stand in for a factor; without one they open nothing.
    if factors.recovery is None or not factors.required or not code.strip():
        return False
    if not factors.recovery.wrap().validate_code(code.strip()):
        return False
    Authenticator.objects.filter(id=factors.recovery.pk).update(last_used_at=now)
    return True
