"""Pure: time-based one-time codes (RFC 6238; SHA-1, six digits, thirty seconds)."""

import base64
import re
import secrets
from datetime import datetime
from hmac import compare_digest
from io import BytesIO

import qrcode
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from qrcode.image.svg import SvgPathImage

PERIOD_SECS = 30
DIGITS = 6
ISSUER = "PulseScore"
_SECRET_BYTES = 20
_SECRET = re.compile("[A-Z2-7]{32}")
# A clock may be half a minute off, and typing takes a while.
_TOLERATED_STEPS = (0, -1, 1)


def new_secret() -> str:
    """A fresh secret of 160 bits, in the base32 that people can type."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def is_secret(text: str) -> bool:
    """Whether a text is a secret as `new_secret` makes them."""
    return _SECRET.fullmatch(text) is not None


def code_at(secret: str, at: datetime) -> str:
    """The code that an app with this secret shows at an instant."""
    return _code(secret, counter_at(at))


def counter_at(at: datetime) -> int:
    """The number of the thirty seconds in which an instant lies."""
    return int(at.timestamp()) // PERIOD_SECS


def matching_counter(secret: str, code: str, *, now: datetime, after: int) -> int | None:
    """The counter that a code belongs to; only later ones than `after`, so that none works twice.

    Returns `None` for a wrong, an old or a spent code, and for what is no secret of ours.
    """
    given = "".join(code.split())
    if len(given) != DIGITS or not (given.isascii() and given.isdigit()) or not is_secret(secret):
        return None
    here = counter_at(now)
    for step in _TOLERATED_STEPS:
        counter = here + step
        if counter > after and compare_digest(_code(secret, counter), given):
            return counter
    return None


def setup_uri(secret: str, *, account: str) -> str:
    """What the QR code holds."""
    key = base64.b32decode(secret)
    return TOTP(key, DIGITS, SHA1(), PERIOD_SECS).get_provisioning_uri(account, ISSUER)  # noqa: S303


def setup_picture(uri: str) -> str:
    """The QR code as an SVG element, black on nothing: it needs a light ground."""
    picture = qrcode.make(uri, image_factory=SvgPathImage, box_size=8, border=2)
    out = BytesIO()
    picture.save(out)
    svg = out.getvalue().decode()
    return svg[svg.index("<svg") :]


def grouped(secret: str) -> str:
    """The secret in groups of four, for people who type it."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def _code(secret: str, counter: int) -> str:
    return HOTP(base64.b32decode(secret), DIGITS, SHA1()).generate(counter).decode()  # noqa: S303
