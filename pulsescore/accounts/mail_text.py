"""Pure: texts that others entered, made harmless for e-mails.

A name may pretend to be a link, a second line, or text that runs the other way; mail programs turn
everything that looks like an address into a link.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

MAX_LENGTH = 160
# What we made ourselves: a link must stay one, and an address may be copied.
_OURS = frozenset({"link", "email", "expires_at"})
_JOINT = re.compile(r"(?<=[\w:/])([.:@/])(?=[\w/])")
_GAP = "\u200b"


def plain(text: str, *, limit: int = MAX_LENGTH) -> str:
    """One line without control or direction marks, in which nothing looks like an address."""
    visible = "".join(one if _is_shown(one) else " " for one in text)
    line = " ".join(visible.split())
    short = line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
    return _JOINT.sub(rf"\1{_GAP}", short)


def harmless(context: Mapping[str, Any]) -> dict[str, Any]:
    """A template's context with every text of others made plain."""
    return {
        name: plain(value, limit=1000) if isinstance(value, str) and name not in _OURS else value
        for name, value in context.items()
    }


def _is_shown(character: str) -> bool:
    return not unicodedata.category(character).startswith("C")
