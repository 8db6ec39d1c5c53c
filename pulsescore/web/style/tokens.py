"""The tokens as the style sheet says them, so that the style page never lags behind."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from django.contrib.staticfiles import finders

SHEET: Final = "pulsescore/css/tokens.css"
_DECLARATION: Final = re.compile(r"^\s*--([\w-]+):\s*([^;]+);", re.MULTILINE)
_KINDS: Final = (
    ("colours", re.compile(r"light-dark\(")),
    ("shadows", re.compile(r"^0 ")),
    ("space", re.compile(r"^\d+px$")),
    ("type", re.compile(r"rem$")),
)


class Token(NamedTuple):
    """A name and its value."""

    name: str
    value: str


def read_tokens() -> dict[str, list[Token]]:
    """All tokens by kind: colours, shadows, space, radii, type, other."""
    found = finders.find(SHEET)
    kinds: dict[str, list[Token]] = {}
    for token in parse(Path(str(found)).read_text(encoding="utf-8")):
        kinds.setdefault(_kind(token), []).append(token)
    return kinds


def parse(sheet: str) -> Iterator[Token]:
    """The custom properties of a style sheet, each once."""
    seen: set[str] = set()
    for name, value in _DECLARATION.findall(sheet):
        if name not in seen:
            seen.add(name)
            yield Token(name, " ".join(value.split()))


def _kind(token: Token) -> str:
    if token.name == "round" or re.fullmatch(r"r\d", token.name):
        return "radii"
    if token.name.startswith(("shadow", "ring")):
        return "shadows"
    return next((kind for kind, pattern in _KINDS if pattern.search(token.value)), "other")
