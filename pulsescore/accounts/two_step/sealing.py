"""Seals what allauth stores of second factors: secrets of apps and seeds of recovery codes."""

import base64

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings

from pulsescore.core.crypto import KeyRing

_CONTEXT = "accounts.second_step"


def seal(text: str) -> str:
    """The text, encrypted with the installation's current key."""
    return base64.b64encode(_ring().seal(text, context=_CONTEXT)).decode()


def unseal(sealed: str) -> str:
    """What was sealed; raises `CannotOpen` when its key is no longer configured."""
    return _ring().open(base64.b64decode(sealed), context=_CONTEXT)


class SealingAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The hooks by which the library's own classes seal and open."""

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret."""
        return unseal(encrypted_text)


def _ring() -> KeyRing:
    return KeyRing(settings.CONFIG.secret_key)
