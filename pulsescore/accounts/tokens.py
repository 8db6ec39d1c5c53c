"""Access tokens (JWT, fifteen minutes) and refresh tokens (opaque, rotating, thirty days).

An access token says who the person is and which organization they were in, never their role: that
is read at each request. It names its family of refresh tokens, so that a log-out ends it at once.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import transaction
from django.db.models import Q
from django.utils.crypto import constant_time_compare

from pulsescore.accounts.access import Unauthenticated
from pulsescore.accounts.models import Membership, RefreshToken, User
from pulsescore.accounts.secrets import hash_secret, new_secret

ACCESS_LIFETIME = timedelta(minutes=15)
REFRESH_LIFETIME = timedelta(days=30)
_ALGORITHM = "HS256"
_TYPE = "access"
_REFUSED = "Sign in again."


@dataclass(frozen=True)
class Tokens:
    """A pair as handed to a client; neither is stored in the clear."""

    access_token: str
    refresh_token: str


@dataclass(frozen=True)
class Grant:
    """What a valid access token says."""

    user: User
    org_id: int | None
    family: uuid.UUID


def issue(*, user: User, org_id: int | None, secret_key: str, now: datetime) -> Tokens:
    """Start a new family: what a log-in gives."""
    return _issue(user=user, org_id=org_id, family=uuid.uuid4(), secret_key=secret_key, now=now)


def refresh(*, refresh_token: str, secret_key: str, now: datetime) -> tuple[Grant, Tokens]:
    """Spend a refresh token for a new pair.

    Spending one twice revokes its whole family, since one of the two spenders stole it. Raises
    `Unauthenticated`.
    """
    row = (
        RefreshToken.objects.select_related("user")
        .filter(token_hash=hash_secret(refresh_token))
        .first()
    )
    if row is None:
        raise Unauthenticated(_REFUSED)
    pair = _exchange(row, secret_key=secret_key, now=now)
    if pair is None:
        revoke_family(row.family, now=now)
        raise Unauthenticated(_REFUSED)
    return Grant(user=row.user, org_id=row.org_id, family=row.family), pair


def verify_access(*, access_token: str, secret_key: str, now: datetime) -> Grant:
    """Who an access token speaks for; raises `Unauthenticated`.

    Refused at once: an inactive person, a changed password, a family that was revoked.
    """
    claims = _decode(access_token, secret_key=secret_key, now=now)
    user = User.objects.filter(id=claims["sub"], is_active=True).first()
    if user is None or not constant_time_compare(claims["pwd"], _password_mark(user)):
        raise Unauthenticated(_REFUSED)
    family = uuid.UUID(claims["fam"])
    live = RefreshToken.objects.filter(family=family, user=user, revoked_at=None)
    if not live.exists():
        raise Unauthenticated(_REFUSED)
    return Grant(user=user, org_id=claims["org"], family=family)


def revoke_by_token(refresh_token: str, *, now: datetime) -> None:
    """Log out: revoke the family of a refresh token; an unknown token is no error."""
    row = RefreshToken.objects.filter(token_hash=hash_secret(refresh_token)).first()
    if row is not None:
        revoke_family(row.family, now=now)


def revoke_family(family: uuid.UUID, *, now: datetime) -> None:
    """End one log-in."""
    RefreshToken.objects.filter(family=family, revoked_at=None).update(revoked_at=now)


def revoke_user(user: User, *, org_id: int | None = None, now: datetime) -> None:
    """End all log-ins of a person, or those in one organization."""
    live = Q(user=user, revoked_at=None)
    if org_id is not None:
        live &= Q(org_id=org_id)
    RefreshToken.objects.filter(live).update(revoked_at=now)


def prune(*, now: datetime) -> int:
    """Delete refresh tokens that ended long ago; returns how many."""
    return RefreshToken.objects.filter(expires_at__lt=now - REFRESH_LIFETIME).delete()[0]


@transaction.atomic
def _exchange(row: RefreshToken, *, secret_key: str, now: datetime) -> Tokens | None:
    # Both spenders of one token meet at its row: the later one sees it spent, and the pair that
    # the earlier one got already stands in the family that the later one revokes.
    if not _spend(row, now=now):
        return None
    if not row.user.is_active or not _still_belongs(row.user, row.org_id):
        return None
    return _issue(
        user=row.user, org_id=row.org_id, family=row.family, secret_key=secret_key, now=now
    )


def _spend(row: RefreshToken, *, now: datetime) -> bool:
    unspent = RefreshToken.objects.filter(
        id=row.id, used_at=None, revoked_at=None, expires_at__gt=now
    )
    return unspent.update(used_at=now) == 1


def _still_belongs(user: User, org_id: int | None) -> bool:
    if org_id is None:
        return True
    return Membership.objects.for_org(org_id).filter(user=user).exists()


def _issue(
    *, user: User, org_id: int | None, family: uuid.UUID, secret_key: str, now: datetime
) -> Tokens:
    secret = new_secret()
    RefreshToken.objects.create(
        family=family,
        user=user,
        org_id=org_id,
        token_hash=hash_secret(secret),
        created_at=now,
        expires_at=now + REFRESH_LIFETIME,
    )
    claims = {
        "typ": _TYPE,
        "sub": str(user.pk),
        "org": org_id,
        "fam": str(family),
        "pwd": _password_mark(user),
        "iat": int(now.timestamp()),
        "exp": int((now + ACCESS_LIFETIME).timestamp()),
    }
    access = jwt.encode(claims, _signing_keys(secret_key)[0], algorithm=_ALGORITHM)
    return Tokens(access_token=access, refresh_token=secret)


def _decode(access_token: str, *, secret_key: str, now: datetime) -> dict[str, Any]:
    for key in _signing_keys(secret_key):
        try:
            # The instant is ours to compare: `now` is an argument here, as everywhere.
            claims: dict[str, Any] = jwt.decode(
                access_token,
                key,
                algorithms=[_ALGORITHM],
                options={"verify_exp": False, "verify_iat": False, "require": ["exp", "sub"]},
            )
        except jwt.InvalidTokenError:
            continue
        if claims.get("typ") == _TYPE and claims["exp"] > now.timestamp():
            return claims
    raise Unauthenticated(_REFUSED)


def _signing_keys(secret_key: str) -> list[bytes]:
    names = [key.strip() for key in secret_key.split(",") if key.strip()]
    return [_derive(name) for name in names]


def _derive(name: str) -> bytes:
    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"pulsescore.access-token.v1")
    return kdf.derive(name.encode())


def _password_mark(user: User) -> str:
    """Changes with the password, tells nothing about it."""
    return hash_secret(f"pulsescore.password-mark:{user.password}")[:16]
