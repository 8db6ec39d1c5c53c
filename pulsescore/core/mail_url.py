"""Pure: where e-mail goes, from one setting to what Django wants to know.

"" writes to the console, `file:///directory` one file per message, `smtp://user:password@host:587`
sends in the clear, `smtp+starttls://` upgrades, `smtps://` speaks TLS from the start.
"""

from typing import Any
from urllib.parse import unquote, urlsplit

_BACKENDS = "django.core.mail.backends"
_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_TIMEOUT_SECS = 10


def mail_settings(url: str) -> dict[str, Any]:
    """Django's EMAIL_ settings; raises `ValueError` for a scheme that is none of these."""
    if not url:
        return {"EMAIL_BACKEND": f"{_BACKENDS}.console.EmailBackend"}
    parts = urlsplit(url)
    if parts.scheme == "file":
        return {
            "EMAIL_BACKEND": f"{_BACKENDS}.filebased.EmailBackend",
            "EMAIL_FILE_PATH": unquote(parts.path),
        }
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError(
            "PULSESCORE_SMTP_URL must begin with smtp://, smtp+starttls://, smtps:// or file://"
        )
    return {
        "EMAIL_BACKEND": f"{_BACKENDS}.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or _PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+starttls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": _TIMEOUT_SECS,
    }
