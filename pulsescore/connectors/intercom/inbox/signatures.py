"""The signature on a webhook: HMAC-SHA1 over the raw bytes, compared in constant time."""

import hmac
import re
from datetime import datetime
from typing import Final

from msgspec import Struct

_HEADER: Final = re.compile(r"sha1=([0-9a-fA-F]{40})")


class SigningSecret(Struct, frozen=True):
    """A secret that may sign, until an instant where it is being replaced."""

    value: bytes
    until: datetime | None = None

    def signed(self, body: bytes, *, signature: bytes, now: datetime) -> bool:
        """Whether this secret, if still valid, made the signature over exactly these bytes."""
        if self.until is not None and now >= self.until:
            return False
        return hmac.compare_digest(hmac.digest(self.value, body, "sha1"), signature)

    def __repr__(self) -> str:
        return "SigningSecret(…)"


def read_signature(header: str | None) -> bytes | None:
    """The 20 bytes of `X-Hub-Signature: sha1=<40 hex digits>`; nothing for any other form."""
    found = _HEADER.fullmatch(header.strip()) if header else None
    return bytes.fromhex(found[1]) if found else None


def sign(body: bytes, *, secret: str) -> str:
    """The header's value, as Intercom makes it; used to test an endpoint."""
    return "sha1=" + hmac.digest(secret.encode(), body, "sha1").hex()
