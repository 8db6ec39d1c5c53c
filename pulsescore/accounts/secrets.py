"""Pure: high-entropy secrets that are shown once and kept as a hash only."""

import hashlib
import secrets

_ENTROPY_BYTES = 32
API_KEY_PREFIX = "ps_"
_SHOWN_CHARACTERS = 10


def new_secret(prefix: str = "") -> str:
    """A fresh URL-safe secret of 256 bits."""
    return prefix + secrets.token_urlsafe(_ENTROPY_BYTES)


def hash_secret(secret: str) -> str:
    """What is stored of a secret. One round suffices: 256 random bits cannot be guessed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def shown_part(secret: str) -> str:
    """The first characters, by which a person tells keys apart."""
    return secret[:_SHOWN_CHARACTERS]
