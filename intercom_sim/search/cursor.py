"""The opaque marks that say where the next page begins."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from intercom_sim.rest.errors import invalid


@dataclass(frozen=True)
class Cursor:
    """The last row already shown, and the number of the page that follows."""

    value: Any
    item_id: str
    page: int


def encode(cursor: Cursor) -> str:
    raw = json.dumps([cursor.value, cursor.item_id, cursor.page], separators=(",", ":"))
    return base64.b64encode(raw.encode()).decode()


def decode(text: object) -> Cursor | None:
    """The cursor in a request; None for the first page, 400 if it is not one of ours."""
    if text is None or text == "":
        return None
    try:
        value, item_id, page = json.loads(base64.b64decode(str(text), validate=True))
    except (binascii.Error, ValueError, TypeError):
        raise invalid("starting_after is not valid", field="starting_after") from None
    if not isinstance(item_id, str) or not isinstance(page, int):
        raise invalid("starting_after is not valid", field="starting_after")
    return Cursor(value, item_id, page)
