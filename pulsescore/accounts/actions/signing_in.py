"""Proving who one is: by password, or by a mailed link when it was forgotten."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import update_last_login
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from pulsescore.accounts import browser_sessions, notices, posting, throttle, tokens
from pulsescore.accounts.access import Unauthenticated
from pulsescore.accounts.actions.addresses import mark_verified
from pulsescore.accounts.actions.people import password_faults
from pulsescore.accounts.fields import MAX_PASSWORD, canonical_email, raise_if_any
from pulsescore.accounts.links import password_reset_link
from pulsescore.accounts.models import User
from pulsescore.core.errors import FieldFault, Invalid

_MAX_ID = 2**63 - 1
_WRONG = "The e-mail address or the password is wrong."
_DEAD_LINK = "This link was used or has expired. Ask for a new one."


def check_credentials(*, email: str, password: str, address: str, now: datetime) -> User:
    """The person with this address and password.

    Counts attempts per account and per network address; raises `TooMany`, and `Unauthenticated`
    without telling whether the account exists.
    """
    account = canonical_email(email)
    throttle.check(throttle.LOGIN_PER_ADDRESS, address, now=now)
    throttle.check(throttle.LOGIN_PER_ACCOUNT, account, now=now)
    user = _authenticate(account, password)
    if user is None:
        raise Unauthenticated(_WRONG)
    throttle.forgive(throttle.LOGIN_PER_ACCOUNT, account)
    update_last_login(User, user)
    return user


def request_password_reset(*, email: str, address: str, now: datetime) -> None:
    """Have a link mailed to whoever has an account with this address; says nothing either way.

    Raises `TooMany` for a network address that asks for many.
    """
    account = canonical_email(email)
    throttle.check(throttle.RESET_PER_ADDRESS, address, now=now)
    try:
        throttle.check(throttle.RESET_PER_ACCOUNT, account, now=now)
    except throttle.TooMany:
        return
    user = _find(account)
    if user is None:
        return
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    link = password_reset_link(settings.PUBLIC_URL, uid=uid, token=token)
    posting.leave_to_worker(
        template="accounts/email/password_reset",
        to=user.email,
        context={"email": user.email, "link": link},
        now=now,
    )


def find_by_reset_link(*, uid: str, token: str) -> User | None:
    """The person a reset link is for, while it works."""
    try:
        user_id = int(urlsafe_base64_decode(uid).decode("ascii"))
    except ValueError:
        return None
    if not 0 < user_id <= _MAX_ID:
        return None
    user = User.objects.filter(id=user_id, is_active=True).first()
    if user is None or not default_token_generator.check_token(user, token):
        return None
    return user


def complete_password_reset(*, uid: str, token: str, password: str, now: datetime) -> User:
    """Set a new password through a mailed link; every log-in ends. Raises `Invalid`."""
    user = find_by_reset_link(uid=uid, token=token)
    if user is None:
        raise Invalid(FieldFault("token", _DEAD_LINK))
    raise_if_any(password_faults("password", password, user=user))
    with transaction.atomic():
        # Whoever opened the mailed link reads this mailbox.
        mark_verified(user, now=now)
        _set_password(user, password, now=now)
    throttle.forgive(throttle.LOGIN_PER_ACCOUNT, canonical_email(user.email))
    return user


def change_password(
    user: User, *, current: str, password: str, keep_session: str | None = None, now: datetime
) -> User:
    """Replace the password by one who knows it; every log-in ends, but the one to keep.

    Raises `Invalid`, `TooMany`.
    """
    confirm_password(user, current, now=now)
    raise_if_any(password_faults("password", password, user=user))
    _set_password(user, password, keep_session=keep_session, now=now)
    return user


def confirm_password(user: User, current: str, *, now: datetime) -> None:
    """Make sure that the owner of the account is at the keyboard; raises `Invalid`, `TooMany`."""
    account = canonical_email(user.email)
    throttle.check(throttle.LOGIN_PER_ACCOUNT, account, now=now)
    if _authenticate(account, current) is None:
        raise Invalid(FieldFault("current_password", "This is not your present password."))
    throttle.forgive(throttle.LOGIN_PER_ACCOUNT, account)


@transaction.atomic
def _set_password(
    user: User, password: str, *, keep_session: str | None = None, now: datetime
) -> None:
    user.set_password(password)
    user.save(update_fields=["password"])
    tokens.revoke_user(user, now=now)
    browser_sessions.end_all(user, keep=keep_session)
    notices.password_changed(user, now=now)


def _authenticate(account: str, password: str) -> User | None:
    if len(password) > MAX_PASSWORD or not _storable(account) or not _storable(password):
        return None
    found = ModelBackend().authenticate(None, username=account, password=password)
    return found if isinstance(found, User) else None


def _find(account: str) -> User | None:
    if not _storable(account):
        return None
    return User.objects.filter(email=account, is_active=True).first()


def _storable(text: str) -> bool:
    """Whether PostgreSQL can hold the text at all."""
    return "\x00" not in text and text.isprintable()
