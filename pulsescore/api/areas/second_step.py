"""The second step of one's own log-in. Passkeys are made in the browser, on the Security page."""

from datetime import datetime

from ninja import Router, Status
from pydantic import BaseModel

from pulsescore.accounts import actions
from pulsescore.accounts.two_step import passkeys, setting_up, totp
from pulsescore.accounts.two_step.factors import get_factors
from pulsescore.api.bodies import StrictBody
from pulsescore.api.callers import PersonRequest, person
from pulsescore.core.clock import utcnow

router = Router(tags=["Second step"], auth=person)


class PasskeyOut(BaseModel):
    """A passkey by the name its owner gave it."""

    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


class SecondStepOut(BaseModel):
    """What a person has set up; `required` tells whether a log-in asks for it."""

    required: bool
    app: bool
    passkeys: list[PasskeyOut]
    recovery_codes_left: int


class NewAppOut(BaseModel):
    """A fresh secret for an authenticator app; nothing is kept until it is confirmed."""

    secret: str
    uri: str


class AppIn(StrictBody):
    """The secret, the code that the app shows now, and the present password."""

    secret: str
    code: str
    current_password: str


class PasswordIn(StrictBody):
    """The present password."""

    current_password: str


class RecoveryCodesOut(BaseModel):
    """Codes that work once each, shown this once; empty where earlier ones stay."""

    recovery_codes: list[str]


@router.get("", response=SecondStepOut)
def get_second_step(request: PersonRequest) -> SecondStepOut:
    """What is set up."""
    factors = get_factors(request.auth)
    return SecondStepOut(
        required=factors.required,
        app=factors.app is not None,
        passkeys=[
            PasskeyOut(
                id=one.pk,
                name=one.data["name"],
                created_at=one.created_at,
                last_used_at=one.last_used_at,
            )
            for one in factors.passkeys
        ],
        recovery_codes_left=factors.codes_left,
    )


@router.post("/app", response=NewAppOut)
def propose_app(request: PersonRequest) -> NewAppOut:
    """A secret to put into an authenticator app; send it back with a code to turn it on."""
    secret = totp.new_secret()
    return NewAppOut(secret=secret, uri=totp.setup_uri(secret, account=request.auth.email))


@router.put("/app", response=RecoveryCodesOut)
def add_app(request: PersonRequest, body: AppIn) -> RecoveryCodesOut:
    """Turn the app on; the next log-in asks for its code."""
    now = utcnow()
    actions.confirm_password(request.auth, body.current_password, now=now)
    codes = setting_up.add_app(request.auth, secret=body.secret, code=body.code, now=now)
    return RecoveryCodesOut(recovery_codes=codes)


@router.delete("/app", response={204: None})
def remove_app(request: PersonRequest, body: PasswordIn) -> Status[None]:
    """Take the authenticator app away."""
    actions.confirm_password(request.auth, body.current_password, now=utcnow())
    setting_up.remove_app(request.auth, now=utcnow())
    return Status(204, None)


@router.post("/recovery-codes", response=RecoveryCodesOut)
def renew_recovery_codes(request: PersonRequest, body: PasswordIn) -> RecoveryCodesOut:
    """Ten fresh recovery codes; the former ones end."""
    actions.confirm_password(request.auth, body.current_password, now=utcnow())
    return RecoveryCodesOut(recovery_codes=setting_up.renew_recovery(request.auth, now=utcnow()))


@router.delete("/passkeys/{id:passkey_id}", response={204: None})
def remove_passkey(request: PersonRequest, passkey_id: int, body: PasswordIn) -> Status[None]:
    """Take one passkey away."""
    actions.confirm_password(request.auth, body.current_password, now=utcnow())
    passkeys.remove_passkey(request.auth, passkey_id=passkey_id, now=utcnow())
    return Status(204, None)
