"""The attribute group `intercom/…`: every standard field of a contact, and whether it is a lead."""

from operator import attrgetter
from typing import Any

import msgspec
from msgspec import UNSET

from pulsescore.connectors.intercom.api.schemas import Avatar, Contact, Location
from pulsescore.connectors.intercom.times import parse_time

_PLAIN = (
    "role",
    "external_id",
    "email",
    "name",
    "phone",
    "owner_id",
    "browser",
    "browser_version",
    "browser_language",
    "language_override",
    "os",
    "unsubscribed_from_emails",
    "unsubscribed_from_sms",
    "sms_consent",
    "has_hard_bounced",
    "marked_email_as_spam",
    "enabled_push_messaging",
    "workspace_id",
    "email_domain",
    "formatted_phone",
    "android_app_name",
    "android_app_version",
    "android_device",
    "android_os_version",
    "android_sdk_version",
    "ios_app_name",
    "ios_app_version",
    "ios_device",
    "ios_os_version",
    "ios_sdk_version",
    "utm_campaign",
    "utm_content",
    "utm_medium",
    "utm_source",
    "utm_term",
    "referrer",
)
_TIMES = (
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
_PLACES = ("country", "region", "city", "country_code", "continent_code")
# Through JSON and back, all times of a contact become ISO 8601 in two calls.
_encode = msgspec.json.Encoder().encode
_texts = msgspec.json.Decoder(list[str]).decode

# The fields of a contact that stand in the group under their own names.
NAMES = (*_PLAIN, *_TIMES)

_plain_of = attrgetter(*_PLAIN)
_times_of = attrgetter(*_TIMES)
_PLAIN_KEYS = tuple(f"intercom/{name}" for name in _PLAIN)
_TIME_KEYS = tuple(f"intercom/{name}" for name in _TIMES)


def standard_attributes(contact: Contact) -> dict[str, Any]:
    """The fields that have a value; times as ISO 8601 UTC, places as `intercom/location_city`.

    Raises `ValueError` for a time that is none.
    """
    values = {
        key: value
        for key, value in zip(_PLAIN_KEYS, _plain_of(contact), strict=True)
        if value is not None and value is not UNSET
    }
    times = {
        key: at
        for key, value in zip(_TIME_KEYS, _times_of(contact), strict=True)
        if value is not None and value is not UNSET and (at := parse_time(value))
    }
    values.update(zip(times, _texts(_encode(list(times.values()))), strict=True))
    values["intercom/is_lead"] = contact.role == "lead"
    if isinstance(contact.location, Location):
        for name in _PLACES:
            place = getattr(contact.location, name)
            if place:
                values[f"intercom/location_{name}"] = place
    if isinstance(contact.avatar, Avatar) and contact.avatar.image_url:
        values["intercom/avatar_url"] = contact.avatar.image_url
    return values
