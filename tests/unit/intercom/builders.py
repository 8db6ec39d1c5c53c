"""Intercom's objects as its API sends them, decoded; tests name only what they are about."""

import json
from datetime import UTC, datetime
from typing import Any

from pulsescore.connectors.intercom.api.pages import decode_page
from pulsescore.connectors.intercom.api.schemas import Company, Contact, Conversation

OBSERVED_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
CREATED = 1_767_225_600
UPDATED = 1_767_312_000


def utc(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def contact(**fields: Any) -> Contact:
    return _decoded({"id": "c1", "role": "user", "updated_at": UPDATED, **fields}, Contact)


def conversation(**fields: Any) -> Conversation:
    known = {"id": "7", "state": "open", "created_at": CREATED, "updated_at": UPDATED}
    return _decoded({**known, **fields}, Conversation)


def company(**fields: Any) -> Company:
    return _decoded({"id": "f1", "updated_at": UPDATED, **fields}, Company)


def _decoded(fields: dict[str, Any], kind: Any) -> Any:
    page = decode_page(json.dumps({"data": [fields]}).encode(), kind, path="/test")
    assert not page.unreadable, page.unreadable
    return page.items[0]
