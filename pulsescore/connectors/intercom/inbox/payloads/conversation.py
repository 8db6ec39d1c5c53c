"""Conversations: today's shape, the older one with `user` and `assignee`, and the internal one."""

from typing import Any, Final

from pulsescore.connectors.intercom.inbox.json_values import (
    JsonObject,
    as_object,
    as_objects,
    as_seconds,
    as_text,
    as_whole_number,
)

_TIMES: Final = ("created_at", "updated_at", "waiting_since", "snoozed_until")
_STATES: Final = frozenset({"open", "closed", "snoozed"})
_NUMBERS: Final = ("count_", "time_to_", "median_time_", "handling_time", "adjusted_handling")
_LARGEST_EXACT: Final = 2**53


def is_older(item: JsonObject) -> bool:
    """Whether this is the shape of the API before 2.0."""
    return bool({"user", "conversation_message", "assignee"} & item.keys())


def conversation_id(item: JsonObject) -> str | None:
    """The id, which `conversation.deleted` calls by another name."""
    return as_text(item.get("id")) or as_text(item.get("conversation_id"))


def rest_conversation(item: JsonObject) -> JsonObject:
    """The conversation as `GET /conversations/{id}` would show it, with only what is told."""
    older = is_older(item)
    conversation: JsonObject = {"type": "conversation", "id": conversation_id(item)}
    _copy_times(item, conversation)
    _copy_state(item, conversation)
    _copy_simple(item, conversation)
    people = _older_people(item) if older else _people(item)
    if people is not None:
        conversation["contacts"] = {"type": "contact.list", "contacts": people}
    conversation.update(_older_assignee(item) if older else _assignee(item))
    first = as_object(item.get("conversation_message" if older else "source"))
    if first:
        conversation["source"] = _first_message(first)
    tags = as_object(item.get("tags")).get("tags")
    if isinstance(tags, list) and (tags or not older):
        named = [_tag(tag) for tag in as_objects(tags) if as_text(tag.get("id"))]
        conversation["tags"] = {"type": "tag.list", "tags": named}
    if isinstance(item.get("statistics"), dict):
        conversation["statistics"] = _statistics(item["statistics"])
    rating = item.get("conversation_rating")
    if isinstance(rating, dict):
        conversation["conversation_rating"] = _rating(rating)
    return conversation


def internal_conversation(item: JsonObject) -> JsonObject:
    """The conversation of an attached or detached contact: Intercom's own record of it."""
    wrapped = as_object(item.get("conversation"))
    model = as_object(wrapped.get("model")) or wrapped or item
    told: JsonObject = {"type": "conversation", "id": conversation_id(model)}
    _copy_times({"updated_at": model.get("updated_at")}, told)
    return told


def _copy_times(item: JsonObject, target: JsonObject) -> None:
    for key in _TIMES:
        seconds = as_seconds(item.get(key))
        if seconds is not None or (key in item and item[key] is None):
            target[key] = seconds


def _copy_state(item: JsonObject, target: JsonObject) -> None:
    if isinstance(item.get("open"), bool):
        target["open"] = item["open"]
    state = item.get("state")
    if isinstance(state, str) and state in _STATES:
        target["state"] = state
    elif isinstance(item.get("open"), bool):
        snoozed = as_seconds(item.get("snoozed_until")) is not None
        target["state"] = ("snoozed" if snoozed else "open") if item["open"] else "closed"


def _copy_simple(item: JsonObject, target: JsonObject) -> None:
    for key in ("title", "priority"):
        value = as_text(item.get(key))
        if value is not None or (key in item and item[key] is None):
            target[key] = value
    # The title stands in for a missing subject: without the source nothing is known of that.
    if "source" not in item:
        target.pop("title", None)


def _people(item: JsonObject) -> list[JsonObject] | None:
    held = as_object(item.get("contacts")).get("contacts")
    if not isinstance(held, list):
        return None
    return [person for person in map(_person, as_objects(held)) if person] or None


def _older_people(item: JsonObject) -> list[JsonObject] | None:
    people = [as_object(item.get("user")), *as_objects(item.get("customers"))]
    known = [person for person in map(_person, people) if person]
    return known or None


def _person(person: JsonObject) -> JsonObject | None:
    external_id = as_text(person.get("id"))
    if external_id is None:
        return None
    own = as_text(person.get("external_id")) or as_text(person.get("user_id"))
    return {"type": "contact", "id": external_id, "external_id": own}


def _assignee(item: JsonObject) -> JsonObject:
    told: JsonObject = {}
    for key in ("admin_assignee_id", "team_assignee_id"):
        number = as_whole_number(item.get(key))
        if number is not None or (key in item and item[key] is None):
            told[key] = number
    return told


def _older_assignee(item: JsonObject) -> JsonObject:
    """Of admin and team the older shape names one: nothing is concluded about the other."""
    if "assignee" not in item:
        return {}
    assignee = as_object(item["assignee"])
    number = as_whole_number(assignee.get("id"))
    kind = as_text(assignee.get("type")) or ""
    if number is None or kind.startswith("nobody"):
        return {"admin_assignee_id": None, "team_assignee_id": None}
    return {"team_assignee_id" if kind.startswith("team") else "admin_assignee_id": number}


def _first_message(message: JsonObject) -> JsonObject:
    told: JsonObject = {}
    for key in ("type", "id", "delivered_as", "subject", "body", "url"):
        value = as_text(message.get(key))
        if value is not None or key in message:
            told[key] = value
    if isinstance(message.get("author"), dict):
        told["author"] = _author(message["author"])
    return told


def _author(author: JsonObject) -> JsonObject:
    return {key: as_text(author.get(key)) for key in ("type", "id", "name", "email")}


def _tag(tag: JsonObject) -> JsonObject:
    return {"type": "tag", "id": as_text(tag.get("id")), "name": as_text(tag.get("name"))}


def _statistics(statistics: JsonObject) -> JsonObject:
    """Every instant as Unix seconds, every duration and count as a whole number."""
    return {key: _statistic(key, value) for key, value in statistics.items()}


def _statistic(key: str, value: Any) -> Any:
    if key.endswith("_at"):
        return as_seconds(value)
    if key.startswith(_NUMBERS):
        return int(value) if _is_fraction(value) else as_whole_number(value)
    if key.endswith("_id"):
        return as_text(value)
    return value


def _is_fraction(value: object) -> bool:
    return isinstance(value, float) and abs(value) < _LARGEST_EXACT


def _rating(rating: JsonObject) -> JsonObject:
    return {
        "rating": as_whole_number(rating.get("rating")),
        "remark": as_text(rating.get("remark")),
    }
