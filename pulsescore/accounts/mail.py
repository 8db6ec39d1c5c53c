"""E-mails to people: text and HTML, sent once the change they tell has been committed."""

import smtplib
from typing import Any

import structlog
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string

log = structlog.get_logger(__name__)


def send_on_commit(*, template: str, to: str, context: dict[str, Any]) -> None:
    """Render `<template>.{subject.txt,txt,html}` and send it after the commit.

    A mail server that is down never undoes the change: the failure is logged, without the address.
    """
    message = EmailMultiAlternatives(
        subject=" ".join(render_to_string(f"{template}.subject.txt", context).split()),
        body=render_to_string(f"{template}.txt", context),
        to=[to],
    )
    message.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    transaction.on_commit(lambda: _send(message, template=template))


def _send(message: EmailMultiAlternatives, *, template: str) -> None:
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as fault:
        log.warning("email.failed", template=template, error=type(fault).__name__)
