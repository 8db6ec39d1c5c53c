"""Secrets at rest: AES-256-GCM, a ring of keys so that one can be rotated, and a bound context.

The context (for example "intercom.connection:42:access_token") is authenticated with the
ciphertext, so that a sealed value copied to another row does not open there.
"""

import base64
import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12
_KEY_ID_BYTES = 4


class CannotOpen(Exception):
    """No key of the ring opens this value in this context."""


class KeyRing:
    """Seals with the first key, opens with any.

    `secret_keys` is the comma-separated setting, newest first: put a new key in front to rotate.
    """

    def __init__(self, secret_keys: str) -> None:
        names = [key.strip() for key in secret_keys.split(",") if key.strip()]
        if not names:
            raise ValueError("at least one secret key is needed")
        self._keys = {_key_id(key): _derive(key) for key in reversed(names)}
        self._current = _key_id(names[0])

    def seal(self, plaintext: str, *, context: str) -> bytes:
        """Encrypt a text for this context."""
        nonce = os.urandom(_NONCE_BYTES)
        cipher = AESGCM(self._keys[self._current])
        return self._current + nonce + cipher.encrypt(nonce, plaintext.encode(), context.encode())

    def open(self, sealed: bytes, *, context: str) -> str:
        """Decrypt what `seal` made; raises `CannotOpen` for a foreign key, context or a change."""
        key = self._keys.get(bytes(sealed[:_KEY_ID_BYTES]))
        if key is None:
            raise CannotOpen("sealed with a key that is no longer configured")
        nonce_end = _KEY_ID_BYTES + _NONCE_BYTES
        nonce, body = bytes(sealed[_KEY_ID_BYTES:nonce_end]), bytes(sealed[nonce_end:])
        try:
            return AESGCM(key).decrypt(nonce, body, context.encode()).decode()
        except InvalidTag:
            raise CannotOpen("changed, or sealed for another context") from None

    def needs_rotation(self, sealed: bytes) -> bool:
        """Whether the value is sealed with another key than the current one."""
        return bytes(sealed[:_KEY_ID_BYTES]) != self._current


def new_secret_key() -> str:
    """A fresh random key for the settings (256 bits, URL-safe text)."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")


def _derive(secret_key: str) -> bytes:
    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"pulsescore.secrets.v1")
    return kdf.derive(secret_key.encode())


def _key_id(secret_key: str) -> bytes:
    return hashlib.sha256(b"pulsescore.key-id" + secret_key.encode()).digest()[:_KEY_ID_BYTES]
