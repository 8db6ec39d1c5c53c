"""The signature of a notification."""

import hashlib
import hmac


def signature(body: bytes, *, client_secret: str) -> str:
    """The value of `X-Hub-Signature`: HMAC-SHA1 of the raw body under the app's secret."""
    digest = hmac.new(client_secret.encode(), body, hashlib.sha1).hexdigest()
    return f"sha1={digest}"
