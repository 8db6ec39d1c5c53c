"""From Intercom's message HTML to plain text."""

import html
import re

BREAK = re.compile(r"<br\s*/?>|</p>\s*<p>|</li>", re.IGNORECASE)
MARKUP = re.compile(r"<[^>]+>")


def plain_text(body: str) -> str:
    """The words of an HTML body, entities resolved."""
    return html.unescape(MARKUP.sub("", BREAK.sub("\n", body))).strip()


def paragraph(text: str) -> str:
    """A plain text as the HTML body that Intercom would store."""
    return "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in text.split("\n") if line)
