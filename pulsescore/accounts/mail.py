"""E-mails to people: text and HTML, sent once the change they tell has been committed."""

import smtplib
from dataclasses import dataclass
from typing import Any

import structlog
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string

from pulsescore.accounts.mail_text import harmless

log = structlog.get_logger(__name__)
# No out-of-office answer is wanted (RFC 3834).
_HEADERS = {"Auto-Submitted": "auto-generated"}


@dataclass(frozen=True)
class Letter:
    """An e-mail as its reader sees it."""

    subject: str
    text: str
    html: str


def compose(template: str, context: dict[str, Any]) -> Letter:
    """Render `<template>.{subject.txt,txt,html}`; what others entered cannot pose as ours."""
    safe = harmless(context)
    return Letter(
        subject=" ".join(render_to_string(f"{template}.subject.txt", safe).split()),
        text=render_to_string(f"{template}.txt", safe).strip() + "\n",
        html=render_to_string(f"{template}.html", safe),
    )


def send_on_commit(*, template: str, to: str, context: dict[str, Any]) -> None:
    """Compose a letter and send it after the commit.

    A mail server that is down never undoes the change: the failure is logged, without the address.
    """
    letter = compose(template, context)
    message = EmailMultiAlternatives(
        subject=letter.subject, body=letter.text, to=[to], headers=_HEADERS
    )
    message.attach_alternative(letter.html, "text/html")
    transaction.on_commit(lambda: _send(message, template=template))


def _send(message: EmailMultiAlternatives, *, template: str) -> None:
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as fault:
        log.warning("email.failed", template=template, error=type(fault).__name__)
