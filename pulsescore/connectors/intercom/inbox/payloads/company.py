"""Companies: tags as bare ids, a plan that is an object, an id or missing, times as text."""

from typing import Final

from pulsescore.connectors.intercom.inbox.json_values import (
    JsonObject,
    as_objects,
    as_seconds,
    as_text,
    as_whole_number,
)

_TEXTS: Final = ("id", "company_id", "app_id", "name", "website", "industry")
_TIMES: Final = ("remote_created_at", "created_at", "updated_at", "last_request_at")
_NUMBERS: Final = ("size", "monthly_spend", "session_count", "user_count")


def rest_company(item: JsonObject) -> JsonObject:
    """The company as `GET /companies/{id}` would show it, with only what the payload tells."""
    company: JsonObject = {"type": "company"}
    for keys, read in ((_TEXTS, as_text), (_TIMES, as_seconds), (_NUMBERS, _as_amount)):
        for key in keys:
            value = read(item.get(key))
            if value is not None or (key in item and item[key] is None):
                company[key] = value
    if isinstance(item.get("custom_attributes"), dict):
        company["custom_attributes"] = item["custom_attributes"]
    if "plan" in item and (item["plan"] is None or isinstance(item["plan"], dict)):
        company["plan"] = {"name": as_text((item["plan"] or {}).get("name"))}
    tags = _tags(item)
    if tags is not None:
        company["tags"] = {"type": "tag.list", "tags": tags}
    return company


def _as_amount(value: object) -> int | None:
    if isinstance(value, float) and abs(value) < 2**53:
        return int(value)
    return as_whole_number(value)


def _has_id(tag: JsonObject) -> bool:
    return as_text(tag.get("id")) is not None


def _tags(item: JsonObject) -> list[JsonObject] | None:
    ids = item.get("tag_ids")
    if isinstance(ids, list):
        return [{"id": text} for text in map(as_text, ids) if text]
    held = item.get("tags")
    if isinstance(held, dict) and isinstance(held.get("tags"), list):
        tags = as_objects(held["tags"])
        return [{"id": tag["id"], "name": as_text(tag.get("name"))} for tag in tags if _has_id(tag)]
    return None
