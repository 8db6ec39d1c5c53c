"""Signing up, and what a person says about themselves."""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from pulsescore.accounts.actions.addresses import send_verification
from pulsescore.accounts.actions.organizations import found_organization
from pulsescore.accounts.fields import (
    MAX_PASSWORD,
    canonical_email,
    choice_faults,
    email_faults,
    raise_if_any,
    text_faults,
    time_zone_faults,
)
from pulsescore.accounts.models import Organization, User
from pulsescore.core.errors import Conflict, FieldFault

THEMES = ("auto", "light", "dark")
_TAKEN = "There is already an account with this e-mail address. Sign in, or reset the password."


def register(
    *,
    org_name: str,
    first_name: str,
    last_name: str,
    email: str,
    password: str,
    time_zone: str = "",
    verified: bool = False,
    now: datetime,
) -> tuple[User, Organization]:
    """Sign up: a person, their organization and its owner's membership, all or nothing.

    A link to verify the address is mailed, unless it is `verified`. `time_zone` is a browser's
    guess: one that we do not know is left aside. Raises `Invalid` field by field, `Conflict` when
    the address is taken.
    """
    raise_if_any(
        [
            *text_faults("org_name", org_name, max_length=120),
            *person_faults(
                first_name=first_name, last_name=last_name, email=email, password=password
            ),
        ]
    )
    with transaction.atomic():
        user = create_person(
            first_name=first_name,
            last_name=last_name,
            email=email,
            password=password,
            verified=verified,
            time_zone="" if time_zone_faults("time_zone", time_zone) else time_zone,
            now=now,
        )
        organization = found_organization(user, name=org_name, now=now)
        send_verification(user, now=now)
    return user, organization


def update_profile(
    user: User,
    *,
    first_name: str | None = None,
    last_name: str | None = None,
    time_zone: str | None = None,
    theme: str | None = None,
) -> User:
    """Change what was given, leave the rest; raises `Invalid` field by field."""
    faults: list[FieldFault] = []
    if first_name is not None:
        faults += text_faults("first_name", first_name, max_length=80)
    if last_name is not None:
        faults += text_faults("last_name", last_name, max_length=80)
    if time_zone is not None:
        faults += time_zone_faults("time_zone", time_zone)
    if theme is not None:
        faults += choice_faults("theme", theme, THEMES)
    raise_if_any(faults)
    changes: dict[str, Any] = {
        "first_name": first_name and first_name.strip(),
        "last_name": last_name and last_name.strip(),
        "time_zone": time_zone,
        "theme": theme,
    }
    given = {field: value for field, value in changes.items() if value is not None}
    for field, value in given.items():
        setattr(user, field, value)
    if given:
        user.save(update_fields=list(given))
    return user


def person_faults(
    *, first_name: str, last_name: str, email: str, password: str
) -> list[FieldFault]:
    """What is wrong with the details of a new person."""
    draft = User(email=email, first_name=first_name, last_name=last_name)
    return [
        *text_faults("first_name", first_name, max_length=80),
        *text_faults("last_name", last_name, max_length=80),
        *email_faults("email", email),
        *password_faults("password", password, user=draft),
    ]


def password_faults(field: str, password: str, *, user: User) -> list[FieldFault]:
    """What is wrong with a new password for this person."""
    if len(password) > MAX_PASSWORD:
        return [FieldFault(field, f"Use at most {MAX_PASSWORD} characters.")]
    try:
        password.encode()
        validate_password(password, user)
    except UnicodeEncodeError:
        return [FieldFault(field, "Use printable characters only.")]
    except ValidationError as fault:
        return [FieldFault(field, message) for message in fault.messages]
    return []


def create_person(
    *,
    first_name: str,
    last_name: str,
    email: str,
    password: str,
    verified: bool = False,
    time_zone: str = "",
    now: datetime,
) -> User:
    """Store a person and their address as the log-in pages know it; raises `Conflict`."""
    address = canonical_email(email)
    if User.objects.filter(email=address).exists():
        raise Conflict(_TAKEN)
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                address,
                password,
                first_name=first_name.strip(),
                last_name=last_name.strip(),
                email_verified_at=now if verified else None,
                created_at=now,
                **({"time_zone": time_zone} if time_zone else {}),
            )
            EmailAddress.objects.create(user=user, email=address, primary=True, verified=verified)
    except IntegrityError:
        raise Conflict(_TAKEN) from None
    return user
