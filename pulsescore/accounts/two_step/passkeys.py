"""Passkeys (WebAuthn) as a second step: made and asked for by the browser, checked here.

They are bound to the host of the installation's public address, which must be a name: browsers
offer none for bare network addresses, nor without TLS except on `localhost`.
"""

from collections.abc import Mapping
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from pulsescore.accounts import throttle
from pulsescore.accounts.access import Unauthenticated
from pulsescore.accounts.fields import raise_if_any, text_faults
from pulsescore.accounts.models import User
from pulsescore.accounts.two_step.factors import Kind, get_factors
from pulsescore.accounts.two_step.setting_up import drop_useless_recovery, ensure_recovery, tell
from pulsescore.core.errors import Conflict, FieldFault, Invalid, NotFound

MOST = 10
_REFUSED = "The passkey was not accepted. Try again, or use a code."
_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, AssertionError)

Options = dict[str, Any]
State = dict[str, Any]


def offered() -> bool:
    """Whether browsers can use passkeys at this installation's address."""
    parts = urlsplit(settings.PUBLIC_URL)
    host = parts.hostname or ""
    return not _is_number(host) and (parts.scheme == "https" or host == "localhost")


def begin_adding(user: User) -> tuple[Options, State]:
    """What the browser needs to make a passkey, and what to remember meanwhile."""
    own = get_factors(user).passkeys
    if len(own) >= MOST:
        raise Conflict(f"Ten passkeys are the most; remove one first. You have {len(own)}.")
    options, state = _server().register_begin(
        PublicKeyCredentialUserEntity(
            id=str(user.pk).encode(), name=user.email, display_name=user.get_full_name()
        ),
        credentials=[_credential(one) for one in own],
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return dict(options), state


@transaction.atomic
def finish_adding(
    user: User, *, name: str, state: State, response: Mapping[str, Any], now: datetime
) -> list[str]:
    """Keep the passkey that the browser made; returns recovery codes made with the first factor.

    Raises `Invalid`.
    """
    raise_if_any(text_faults("name", name, max_length=60))
    try:
        made = _server().register_complete(state, response)
    except _UNREADABLE:
        raise Invalid(FieldFault("passkey", _REFUSED)) from None
    Authenticator.objects.create(
        user=user,
        type=Kind.WEBAUTHN,
        data={"name": name.strip(), "credential": dict(response), "uses": made.counter},
        created_at=now,
    )
    codes = ensure_recovery(user, now=now)
    tell(user, f"The passkey “{name.strip()}”", added=True, now=now)
    return codes


@transaction.atomic
def remove_passkey(user: User, *, passkey_id: int, now: datetime) -> None:
    """Take one passkey away. Raises `NotFound`."""
    row = Authenticator.objects.filter(user=user, type=Kind.WEBAUTHN, id=passkey_id).first()
    if row is None:
        raise NotFound("There is no such passkey.")
    name = row.data["name"]
    row.delete()
    drop_useless_recovery(user)
    tell(user, f"The passkey “{name}”", added=False, now=now)


def begin_proving(user: User) -> tuple[Options, State]:
    """What the browser needs to ask for one of this person's passkeys."""
    options, state = _server().authenticate_begin(
        credentials=[_credential(one) for one in get_factors(user).passkeys],
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return dict(options), state


@transaction.atomic
def finish_proving(user: User, *, state: State, response: Mapping[str, Any], now: datetime) -> None:
    """Accept what the browser answered; raises `Unauthenticated`, `TooMany`."""
    throttle.check(throttle.SECOND_STEP_PER_ACCOUNT, str(user.pk), now=now)
    own = {_credential(one).credential_id: one for one in get_factors(user).passkeys}
    try:
        used = _server().authenticate_complete(
            state, [_credential(one) for one in own.values()], response
        )
        uses = AuthenticationResponse.from_dict(response).response.authenticator_data.counter
    except _UNREADABLE:
        raise Unauthenticated(_REFUSED) from None
    passkey = own[used.credential_id]
    # A device that counts its uses and falls behind was copied.
    if (uses or passkey.data["uses"]) and uses <= passkey.data["uses"]:
        raise Unauthenticated(_REFUSED)
    passkey.data["uses"] = uses
    passkey.last_used_at = now
    passkey.save(update_fields=["data", "last_used_at"])
    throttle.forgive(throttle.SECOND_STEP_PER_ACCOUNT, str(user.pk))


def _server() -> Fido2Server:
    if not offered():
        raise NotFound("Passkeys need an address with a name, over https.")
    parts = urlsplit(settings.PUBLIC_URL)
    origin = f"{parts.scheme}://{parts.netloc}"
    return Fido2Server(
        PublicKeyCredentialRpEntity(name="PulseScore", id=parts.hostname),
        verify_origin=lambda told: told == origin,
    )


def _credential(passkey: Authenticator) -> AttestedCredentialData:
    registration = RegistrationResponse.from_dict(passkey.data["credential"])
    found: AttestedCredentialData | None
    found = registration.response.attestation_object.auth_data.credential_data
    if found is None:
        raise NotFound("This passkey cannot be read.")
    return found


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
