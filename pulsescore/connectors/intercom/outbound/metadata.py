"""An event's properties as Intercom takes them: ten flat values of limited length. Pure."""

import json
from collections.abc import Mapping
from typing import Any, Final

MOST_KEYS: Final = 10
LONGEST_TEXT: Final = 255
_MARK: Final = "…"


def metadata_of(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The first ten properties that have a value, by name; what is nested becomes text."""
    named = sorted((str(name), value) for name, value in properties.items() if value is not None)
    return {name[:LONGEST_TEXT]: _flat(value) for name, value in named[:MOST_KEYS]}


def _flat(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - len(_MARK)] + _MARK
