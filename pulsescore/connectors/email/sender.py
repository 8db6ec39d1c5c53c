"""Sends messages as letters, over one connection to the mail server for several of them."""

from dataclasses import asdict
from typing import Final

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from pulsescore.accounts.mail import Letter, compose
from pulsescore.accounts.mail_text import plain
from pulsescore.alerts.message import Message
from pulsescore.core import mailing
from pulsescore.core.errors import PermanentError

_TEMPLATE: Final = "email/alert"
_CONSOLE: Final = "django.core.mail.backends.console.EmailBackend"
PREFERENCES: Final = "/settings/notifications"


def open_connection() -> BaseEmailBackend:
    """A connection that is made with the first letter and kept for the next ones."""
    return get_connection()


def send(connection: BaseEmailBackend, *, to: str, message: Message, key: str) -> None:
    """Send one letter. Raises what `mailing.send` does.

    Without a mail server nothing is sent: letters name customers, and would end in the log.
    """
    if settings.EMAIL_BACKEND == _CONSOLE:
        raise PermanentError("No mail server is set up: PULSESCORE_SMTP_URL is empty.")
    letter = _letter(message)
    mailing.send(**asdict(letter), to=to, key=key, connection=connection)


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
