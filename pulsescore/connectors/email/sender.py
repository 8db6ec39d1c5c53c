"""Sends messages as letters, over one connection to the mail server for several of them."""

import hashlib
import smtplib
from email.utils import parseaddr
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from pulsescore.accounts.mail import Letter, compose
from pulsescore.accounts.mail_text import plain
from pulsescore.alerts.message import Message
from pulsescore.core.errors import PermanentError, TransientError

_TEMPLATE: Final = "email/alert"
_CONSOLE: Final = "django.core.mail.backends.console.EmailBackend"
PREFERENCES: Final = "/settings/notifications"
# Replies of a mail server from here on are final.
_PERMANENT: Final = 500


def open_connection() -> BaseEmailBackend:
    """A connection that is made with the first letter and kept for the next ones."""
    return get_connection()


def send(connection: BaseEmailBackend, *, to: str, message: Message, key: str) -> None:
    """Send one letter. Raises `PermanentError` for an address that is refused, `TransientError`.

    The key makes its Message-ID, so that mailboxes show a letter once that was sent again. Without
    a mail server nothing is sent: letters name customers, and would end in the log.
    """
    if settings.EMAIL_BACKEND == _CONSOLE:
        raise PermanentError("No mail server is set up: PULSESCORE_SMTP_URL is empty.")
    letter = _letter(message)
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        to=[to],
        headers={"Auto-Submitted": "auto-generated", "Message-ID": message_id(key)},
        connection=connection,
    )
    mail.attach_alternative(letter.html, "text/html")
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as fault:
        code = max((code for code, _ in fault.recipients.values()), default=0)
        raise _refusal(code) from None
    except smtplib.SMTPAuthenticationError as fault:
        raise TransientError(f"The mail server refused us (SMTP {fault.smtp_code})") from None
    except smtplib.SMTPResponseException as fault:
        raise _refusal(fault.smtp_code) from None
    except (OSError, smtplib.SMTPException) as fault:
        raise TransientError(f"The mail server failed ({type(fault).__name__})") from None


def message_id(key: str) -> str:
    """The same for each attempt at one delivery."""
    _name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    host = sender.partition("@")[2] or urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{host}>"


def _letter(message: Message) -> Letter:
    items = [
        {"name": plain(item.name), "words": plain(item.words, limit=300), "address": item.link}
        for item in message.items
    ]
    return compose(
        _TEMPLATE,
        {
            "title": message.title,
            "items": items,
            "more": message.more,
            "link": message.link,
            "label": message.label,
            "why": message.why,
            # Within a value of its own it stays the link that it is.
            "ours": {"preferences": settings.PUBLIC_URL + PREFERENCES},
        },
    )


def _refusal(code: int) -> PermanentError | TransientError:
    said = f"The mail server refused the letter (SMTP {code})"
    return PermanentError(said) if code >= _PERMANENT else TransientError(said)
