"""People: `contact` of today, `user` and lead of the older API, and the wrappers around them."""

from collections.abc import Callable
from typing import Any, Final

from pulsescore.connectors.intercom.api.schemas import Contact
from pulsescore.connectors.intercom.inbox.json_values import (
    JsonObject,
    as_object,
    as_objects,
    as_seconds,
    as_text,
)

_WRAPPED: Final = ("contact", "user")
_TEXTS: Final = (
    "external_id",
    "owner_id",
    "email",
    "phone",
    "name",
    "browser",
    "browser_language",
    "language_override",
    "os",
)
_PLACES: Final = ("country", "region", "city", "country_code", "continent_code")
_MARKS: Final = ("has_hard_bounced", "marked_email_as_spam", "unsubscribed_from_emails")
_TIMES: Final = (
    "created_at",
    "updated_at",
    "signed_up_at",
    "last_seen_at",
    "last_replied_at",
    "last_contacted_at",
    "last_email_opened_at",
    "last_email_clicked_at",
    "android_last_seen_at",
    "ios_last_seen_at",
)
_READ: Final = frozenset(
    {*_TEXTS, *_MARKS, *_TIMES, "id", "type", "role", "location", "avatar", "custom_attributes"}
    | {"tags", "companies"}
)
_PASSED_ON: Final = tuple(
    name for name in Contact.__struct_fields__ if name not in _READ and name != "archived"
)
_WHOLE: Final = ("role", "email", "created_at", "updated_at", "last_seen_at", "custom_attributes")
_OLD_ROLES: Final = {"user": "user", "lead": "lead", "contact": "lead"}


def person_in(item: JsonObject) -> JsonObject:
    """The person a notification is about, out of its wrapper if it has one."""
    for key in _WRAPPED:
        person = item.get(key)
        if isinstance(person, dict) and person.get("id") is not None:
            return person
    return item


def is_older(person: JsonObject) -> bool:
    """Whether this is the shape of the API before 2.0."""
    if "role" in person:
        return False
    return bool({"user_id", "anonymous", "last_request_at", "location_data"} & person.keys())


def is_whole(person: JsonObject) -> bool:
    """Whether this is all that Intercom knows of the person, in the present shape."""
    return all(key in person for key in _WHOLE)


def rest_contact(person: JsonObject) -> JsonObject:
    """The person as `GET /contacts/{id}` would show it, with only what the payload tells."""
    older = _renamed(person) if is_older(person) else person
    contact: JsonObject = {"type": "contact"}
    contact.update(_told(older, ("id", *_TEXTS), as_text))
    contact.update(_told(older, _MARKS, _as_mark))
    contact.update(_told(older, _TIMES, as_seconds))
    contact.update(_told(older, _PASSED_ON, _as_passed_on))
    contact.update(_told(older, ("location",), _as_place))
    contact.update(_told(older, ("avatar",), _as_picture))
    contact.update(_told(older, ("custom_attributes",), _as_whole_object))
    role = older.get("role")
    if role in ("user", "lead"):
        contact["role"] = role
    for key in ("tags", "companies"):
        sublist = _sublist(older, key)
        if sublist is not None:
            contact[key] = sublist
    return contact


def _told(item: JsonObject, keys: tuple[str, ...], read: Callable[[object], Any]) -> JsonObject:
    """These keys, read; `null` is told as such, the unreadable is not told."""
    told: JsonObject = {}
    for key in keys:
        if key not in item:
            continue
        value = read(item[key])
        if value is not None or item[key] is None or item[key] == "":
            told[key] = value
    return told


def _as_mark(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _as_passed_on(value: object) -> str | int | float | bool | None:
    return value if isinstance(value, str | int | float | bool) else None


def _as_place(value: object) -> JsonObject | None:
    return _texts_of(value, _PLACES)


def _as_picture(value: object) -> JsonObject | None:
    return {"image_url": value} if isinstance(value, str) else _texts_of(value, ("image_url",))


def _texts_of(value: object, keys: tuple[str, ...]) -> JsonObject | None:
    return {key: as_text(value.get(key)) for key in keys} if isinstance(value, dict) else None


def _as_whole_object(value: object) -> JsonObject | None:
    return value if isinstance(value, dict) else None


def _sublist(item: JsonObject, key: str) -> JsonObject | None:
    held = item.get(key)
    if not isinstance(held, dict) or not isinstance(held.get("data"), list):
        return None
    entries = [_entry(entry) for entry in as_objects(held["data"]) if as_text(entry.get("id"))]
    told = held.get("total_count")
    total = told if isinstance(told, int) and not isinstance(told, bool) else len(entries)
    return {
        "type": "list",
        "data": entries,
        "total_count": total,
        "has_more": held.get("has_more") is True or total > len(entries),
    }


def _entry(entry: JsonObject) -> JsonObject:
    named = {key: as_text(entry.get(key)) for key in ("id", "name")}
    return {key: text for key, text in named.items() if text}


def _renamed(person: JsonObject) -> JsonObject:
    """The older shape under the present names. Its empty sub-lists say nothing."""
    renamed = dict(person)
    for old, new in (("user_id", "external_id"), ("last_request_at", "last_seen_at")):
        if old in person and new not in person:
            renamed[new] = person[old]
    renamed["role"] = _role_of_older(person)
    place = as_object(person.get("location_data"))
    if place:
        renamed["location"] = {
            "type": "location",
            "country": as_text(place.get("country_name")),
            "region": as_text(place.get("region_name")),
            "city": as_text(place.get("city_name")),
        }
    for key in ("tags", "companies"):
        entries = list(as_objects(as_object(person.get(key)).get(key)))
        renamed[key] = {"data": entries} if entries else None
    return renamed


def _role_of_older(person: JsonObject) -> str | None:
    if isinstance(person.get("anonymous"), bool):
        return "lead" if person["anonymous"] else "user"
    return _OLD_ROLES.get(as_text(person.get("type")) or "")
