"""Signing up, in, on and out, and choosing a new password."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Status
from pydantic import BaseModel

from pulsescore.accounts import actions, queries, throttle, tokens
from pulsescore.accounts.access import Unauthenticated
from pulsescore.accounts.models import User
from pulsescore.accounts.two_step.factors import needs_second_step
from pulsescore.accounts.two_step.proving import prove_with_code
from pulsescore.api.areas.account_shapes import SignedInOut, show_signed_in
from pulsescore.api.bodies import StrictBody
from pulsescore.api.credentials import identify
from pulsescore.core.clock import utcnow
from pulsescore.pipeline import telling

router = Router(tags=["Auth"], auth=None)


class RegisterIn(StrictBody):
    """A new person and their organization."""

    org_name: str
    first_name: str
    last_name: str
    email: str
    password: str


class LoginIn(StrictBody):
    """Address and password; `code` where the account has a two-step log-in."""

    email: str
    password: str
    code: str | None = None


class RefreshIn(StrictBody):
    """The refresh token to spend."""

    refresh_token: str


class LogoutIn(StrictBody):
    """The refresh token whose log-in ends; without it, the one of the access token."""

    refresh_token: str | None = None


class ResetRequestIn(StrictBody):
    """Whose password was forgotten."""

    email: str


class ResetCompleteIn(StrictBody):
    """The two parts of the mailed link, and the new password."""

    uid: str
    token: str
    password: str


class VerifyIn(StrictBody):
    """The part of the mailed link that proves the mailbox."""

    key: str


class DetailOut(BaseModel):
    """A sentence for a person."""

    detail: str


@router.post("/register", response={201: SignedInOut})
def register(request: HttpRequest, body: RegisterIn) -> Status[SignedInOut]:
    """Sign up: creates the person, the organization and its owner's membership."""
    now = utcnow()
    throttle.check(throttle.REGISTER_PER_ADDRESS, address_of(request), now=now)
    user, organization = actions.register(**body.model_dump(), now=now)
    return Status(201, sign_in(user, org_id=organization.pk, now=now))


@router.post("/login", response=SignedInOut)
def log_in(request: HttpRequest, body: LoginIn) -> SignedInOut:
    """Sign in with address and password, and a code of the app or a recovery code where needed."""
    now = utcnow()
    user = actions.check_credentials(
        email=body.email, password=body.password, address=address_of(request), now=now
    )
    if needs_second_step(user):
        if not body.code:
            raise Unauthenticated("This account has a two-step log-in: send its `code`, too.")
        prove_with_code(user, code=body.code, now=now)
    return sign_in(user, org_id=queries.default_org_id(user), now=now)


@router.post("/refresh", response=SignedInOut)
def refresh(request: HttpRequest, body: RefreshIn) -> SignedInOut:
    """Spend a refresh token for a new pair; spending it twice ends the log-in."""
    grant, pair = tokens.refresh(
        refresh_token=body.refresh_token, secret_key=settings.CONFIG.secret_key, now=utcnow()
    )
    membership = queries.list_memberships(grant.user).filter(org_id=grant.org_id).first()
    return show_signed_in(grant.user, membership, pair)


@router.post("/logout", response={204: None})
def log_out(request: HttpRequest, body: LogoutIn | None = None) -> Status[None]:
    """End a log-in: its refresh token and the access tokens made from it."""
    now = utcnow()
    if body is not None and body.refresh_token is not None:
        tokens.revoke_by_token(body.refresh_token, now=now)
        return Status(204, None)
    family = identify(request).family
    if family is None:
        raise Unauthenticated("Send the refresh token, or the access token, to sign out with.")
    tokens.revoke_family(family, now=now)
    return Status(204, None)


@router.post("/password-reset/request", response=DetailOut)
def request_password_reset(request: HttpRequest, body: ResetRequestIn) -> DetailOut:
    """Ask for a link by mail; the answer does not tell whether the account exists."""
    telling.request_password_reset(email=body.email, address=address_of(request), now=utcnow())
    return DetailOut(detail="If there is an account with this address, a link is on its way.")


@router.post("/password-reset/complete", response=DetailOut)
def complete_password_reset(request: HttpRequest, body: ResetCompleteIn) -> DetailOut:
    """Choose a new password; every log-in of the person ends."""
    actions.complete_password_reset(
        uid=body.uid, token=body.token, password=body.password, now=utcnow()
    )
    return DetailOut(detail="The password was changed. Sign in with the new one.")


@router.post("/verify-email", response=DetailOut)
def verify_email(request: HttpRequest, body: VerifyIn) -> DetailOut:
    """Prove an address by the mailed link."""
    user = actions.verify_address(key=body.key, now=utcnow())
    return DetailOut(detail=f"{user.email} is verified.")


def sign_in(user: User, *, org_id: int | None, now: datetime) -> SignedInOut:
    """Start a log-in in an organization and show what it gives."""
    pair = tokens.issue(user=user, org_id=org_id, secret_key=settings.CONFIG.secret_key, now=now)
    membership = queries.list_memberships(user).filter(org_id=org_id).first()
    return show_signed_in(user, membership, pair)


def address_of(request: HttpRequest) -> str:
    """The network address that attempts are counted by."""
    return str(request.META.get("REMOTE_ADDR", ""))
