"""Hands one e-mail to the mail server, and says of a failure whether trying again can help."""

import hashlib
import smtplib
from email.utils import parseaddr
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from pulsescore.core.errors import PermanentError, TransientError

# Replies of a mail server from here on are final.
_PERMANENT: Final = 500
# No out-of-office answer is wanted (RFC 3834).
_AUTOMATIC: Final = {"Auto-Submitted": "auto-generated"}


def send(
    *,
    to: str,
    subject: str,
    text: str,
    html: str,
    key: str,
    connection: BaseEmailBackend | None = None,
) -> None:
    """Send it in both forms. Raises `PermanentError` where it is refused, `TransientError`.

    The key makes its Message-ID, so that mailboxes show once what was sent again. Errors name
    neither the address nor what was to be said.
    """
    mail = EmailMultiAlternatives(
        subject=subject,
        body=text,
        to=[to],
        headers={**_AUTOMATIC, "Message-ID": message_id(key)},
        connection=connection,
    )
    mail.attach_alternative(html, "text/html")
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as fault:
        code = max((code for code, _ in fault.recipients.values()), default=0)
        raise _refusal(code) from None
    except smtplib.SMTPAuthenticationError as fault:
        raise TransientError(f"The mail server refused us (SMTP {fault.smtp_code})") from None
    except smtplib.SMTPResponseException as fault:
        raise _refusal(fault.smtp_code) from None
    except ValueError as fault:
        raise PermanentError(f"This cannot be mailed ({type(fault).__name__})") from None
    except (OSError, smtplib.SMTPException) as fault:
        raise TransientError(f"The mail server failed ({type(fault).__name__})") from None


def message_id(key: str) -> str:
    """The same for each attempt at one e-mail."""
    _name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    host = sender.partition("@")[2] or urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{host}>"


def _refusal(code: int) -> PermanentError | TransientError:
    said = f"The mail server refused the letter (SMTP {code})"
    return PermanentError(said) if code >= _PERMANENT else TransientError(said)
