"""A contact as the REST API shows it: lists within it hold ids and addresses, ten at most."""

from collections.abc import Iterable
from typing import Any

import msgspec

from intercom_sim.model import Contact, Device, Location

INLINE = 10
Json = dict[str, Any]
NO_DEVICE = Device("", "", "", "")


def contact_json(contact: Contact, *, workspace_id: str) -> Json:
    """The full contact; times are unix seconds."""
    return {
        "type": "contact",
        "id": contact.id,
        "workspace_id": workspace_id,
        "external_id": contact.external_id,
        "role": contact.role,
        "email": contact.email,
        "email_domain": email_domain(contact.email),
        "phone": contact.phone,
        "name": contact.name,
        "avatar": avatar(contact.avatar_url),
        "owner_id": contact.owner_id,
        "social_profiles": {"type": "list", "data": []},
        "has_hard_bounced": contact.has_hard_bounced,
        "marked_email_as_spam": contact.marked_email_as_spam,
        "unsubscribed_from_emails": contact.unsubscribed_from_emails,
        "unsubscribed_from_sms": False,
        "sms_consent": False,
        "enabled_push_messaging": None,
        "created_at": contact.created_at,
        "updated_at": contact.updated_at,
        "signed_up_at": contact.signed_up_at,
        "last_seen_at": contact.last_seen_at,
        "last_replied_at": contact.last_replied_at,
        "last_contacted_at": contact.last_contacted_at,
        "last_email_opened_at": contact.last_email_opened_at,
        "last_email_clicked_at": contact.last_email_clicked_at,
        "language_override": contact.language_override,
        **device_json(contact.device),
        "location": location_json(contact.location),
        **PHONES,
        "custom_attributes": contact.custom_attributes,
        "tags": sub_list("tag", "tags", contact, contact.tags),
        "notes": sub_list("note", "notes", contact, contact.note_ids),
        "companies": sub_list("company", "companies", contact, contact.company_ids),
        "opted_out_subscription_types": _subscriptions(contact, "opt_out"),
        "opted_in_subscription_types": _subscriptions(contact, "opt_in"),
    }


PHONES: Json = {
    f"{system}_{what}": None
    for system in ("android", "ios")
    for what in ("app_name", "app_version", "device", "os_version", "sdk_version", "last_seen_at")
}


def contact_bytes(contact: Contact, *, workspace_id: str) -> bytes:
    """The contact's JSON, made once until it changes."""
    if contact.wire is None:
        contact.wire = msgspec.json.encode(contact_json(contact, workspace_id=workspace_id))
    return contact.wire


def sub_list(kind: str, folder: str, contact: Contact, ids: Iterable[str]) -> Json:
    """A list within a contact: its first ten members by id and address, without names."""
    every = list(ids)
    home = f"/contacts/{contact.id}/{folder}"
    return {
        "type": "list",
        "data": [{"id": one, "type": kind, "url": f"/{folder}/{one}"} for one in every[:INLINE]],
        "url": home,
        "total_count": len(every),
        "has_more": len(every) > INLINE,
    }


def _subscriptions(contact: Contact, consent: str) -> Json:
    chosen = [key for key, said in contact.subscriptions.items() if said == consent]
    return sub_list("subscription", "subscriptions", contact, chosen)


def device_json(device: Device | None) -> Json:
    known = device or NO_DEVICE
    return {
        "browser": known.browser or None,
        "browser_version": known.browser_version or None,
        "browser_language": known.browser_language or None,
        "os": known.os or None,
    }


def location_json(location: Location | None) -> Json:
    if location is None:
        names = ("country", "region", "city", "country_code", "continent_code")
        return {"type": "location"} | dict.fromkeys(names)
    return {
        "type": "location",
        "country": location.country,
        "region": location.region,
        "city": location.city,
        "country_code": location.country_code,
        "continent_code": location.continent_code,
    }


def avatar(url: str | None) -> Json | None:
    return {"type": "avatar", "image_url": url} if url else None


def email_domain(email: str | None) -> str | None:
    return email.rpartition("@")[2] if email else None


def contact_reference(contact: Contact) -> Json:
    """A contact as other objects mention it."""
    return {"type": "contact", "id": contact.id, "external_id": contact.external_id}
