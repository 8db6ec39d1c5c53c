"""Pure: a message in Slack's blocks. What others entered is escaped and cannot mention anybody."""

from typing import Any, Final

from pulsescore.accounts.mail_text import plain
from pulsescore.alerts.message import Item, Message

_LONGEST_HEADER: Final = 150
_LONGEST_SECTION: Final = 2_900


def payload(message: Message) -> dict[str, Any]:
    """The body of a request to an incoming webhook."""
    lines = [_line(item) for item in message.items]
    if message.more:
        lines.append(f"… and {message.more:,} more")
    return {
        "text": _escaped(message.title),
        "unfurl_links": False,
        "blocks": [
            _header(message.title),
            {"type": "section", "text": {"type": "mrkdwn", "text": _section(lines)}},
            {"type": "section", "text": {"type": "mrkdwn", "text": _link(message)}},
            {
                "type": "context",
                "elements": [{"type": "plain_text", "text": plain(message.why, limit=300)}],
            },
        ],
    }


def _header(title: str) -> dict[str, Any]:
    text = plain(title, limit=_LONGEST_HEADER)
    return {"type": "header", "text": {"type": "plain_text", "text": text, "emoji": False}}


def _line(item: Item) -> str:
    return f"• <{item.link}|{_escaped(item.name)}> {_escaped(item.words)}"


def _link(message: Message) -> str:
    return f"<{message.link}|{_escaped(message.label)}>"


def _section(lines: list[str]) -> str:
    """As many whole lines as Slack takes."""
    kept: list[str] = []
    for line in lines:
        if sum(len(one) + 1 for one in kept) + len(line) > _LONGEST_SECTION:
            break
        kept.append(line)
    return "\n".join(kept) or " "


def _escaped(text: str) -> str:
    safe = plain(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # What marks bold, italic, struck and code is text here.
    return safe.translate({ord(mark): f"\u200b{mark}" for mark in "*_~`|"})
