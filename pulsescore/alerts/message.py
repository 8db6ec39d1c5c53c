"""Pure: a message as every channel can show it."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Item:
    """One line: whom it is about, what happened, and the page that shows it."""

    name: str
    words: str
    link: str


@dataclass(frozen=True)
class Message:
    """What is told: a title, lines, how many more there are, where to look, and why it came."""

    title: str
    items: list[Item]
    link: str
    label: str
    why: str
    more: int = 0
    is_test: bool = False
    facts: dict[str, Any] = field(default_factory=dict)
