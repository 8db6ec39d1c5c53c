"""E-mails to people as text and HTML."""

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from pulsescore.accounts.mail_text import harmless


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
