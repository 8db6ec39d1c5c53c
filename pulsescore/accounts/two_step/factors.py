"""Which second factors a person has, and how they are kept (in allauth's table and format)."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from allauth.mfa.models import Authenticator

from pulsescore.accounts.models import User
from pulsescore.accounts.two_step.sealing import seal

Kind = Authenticator.Type
# Recovery codes alone are no second step: they replace one that was lost.
PROVING = (Kind.TOTP, Kind.WEBAUTHN)
_SEED_BYTES = 40


@dataclass(frozen=True)
class Factors:
    """What a person has set up."""

    app: Authenticator | None = None
    recovery: Authenticator | None = None
    passkeys: list[Authenticator] = field(default_factory=list)

    @property
    def required(self) -> bool:
        """Whether a log-in needs a second step."""
        return self.app is not None or bool(self.passkeys)

    @property
    def codes_left(self) -> int:
        """How many recovery codes were not used yet."""
        return len(self.recovery.wrap().get_unused_codes()) if self.recovery else 0


def get_factors(user: User) -> Factors:
    """What this person has set up; one query."""
    rows = list(Authenticator.objects.filter(user=user).order_by("id"))
    return Factors(
        app=next((row for row in rows if row.type == Kind.TOTP), None),
        recovery=next((row for row in rows if row.type == Kind.RECOVERY_CODES), None),
        passkeys=[row for row in rows if row.type == Kind.WEBAUTHN],
    )


def needs_second_step(user: User) -> bool:
    """Whether a log-in of this person needs a second step."""
    return bool(Authenticator.objects.filter(user=user, type__in=PROVING).exists())


def protected_people(user_ids: Iterable[int]) -> set[int]:
    """Who of these people has a second step."""
    rows = Authenticator.objects.filter(user_id__in=user_ids, type__in=PROVING)
    return set(rows.values_list("user_id", flat=True))


def new_recovery(user: User, *, now: datetime) -> Authenticator:
    """A fresh set of recovery codes in place of an older one."""
    Authenticator.objects.filter(user=user, type=Kind.RECOVERY_CODES).delete()
    return Authenticator.objects.create(
        user=user,
        type=Kind.RECOVERY_CODES,
        data={"seed": seal(secrets.token_hex(_SEED_BYTES)), "used_mask": 0},
        created_at=now,
    )
