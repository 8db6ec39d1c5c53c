"""Teammates, teams, tags, segments, attributes and notes on the wire."""

from typing import Any

from intercom_sim.model import (
    Admin,
    Applied,
    DataAttribute,
    Event,
    Note,
    Segment,
    SubscriptionType,
    Tag,
    Team,
)
from intercom_sim.workspace import Identity

Json = dict[str, Any]
PICTURE = "https://static.intercomassets.example/avatars/default.png"


def me_json(admin: Admin, *, identity: Identity) -> Json:
    """Whom a token belongs to, and in which workspace."""
    return {
        **_admin_core(admin),
        "email_verified": True,
        "avatar": {"type": "avatar", "image_url": PICTURE},
        "app": {
            "type": "app",
            "id_code": identity.app_id,
            "name": identity.name,
            "created_at": identity.created_at,
            "secure": False,
            "identity_verification": False,
            "timezone": identity.timezone,
            "region": identity.region,
        },
    }


def admin_json(admin: Admin) -> Json:
    return {**_admin_core(admin), "avatar": PICTURE, "away_status_reason_id": None}


def _admin_core(admin: Admin) -> Json:
    return {
        "type": "admin",
        "id": admin.id,
        "name": admin.name,
        "email": admin.email,
        "job_title": admin.job_title,
        "away_mode_enabled": admin.away,
        "away_mode_reassign": False,
        "has_inbox_seat": admin.has_inbox_seat,
        "team_ids": [int(one) for one in admin.team_ids],
    }


def team_json(team: Team) -> Json:
    return {
        "type": "team",
        "id": team.id,
        "name": team.name,
        "admin_ids": [int(one) for one in team.admin_ids],
    }


def tag_json(tag: Tag) -> Json:
    return {"type": "tag", "id": tag.id, "name": tag.name}


def applied_tag_json(tag: Tag, applied: Applied) -> Json:
    """A tag on something, with when and by whom."""
    by = {"type": "admin", "id": applied.by}
    return {**tag_json(tag), "applied_at": applied.at, "applied_by": by}


def segment_json(segment: Segment, *, count: int | None = None) -> Json:
    shape: Json = {
        "type": "segment",
        "id": segment.id,
        "name": segment.name,
        "created_at": segment.created_at,
        "updated_at": segment.created_at,
        "person_type": segment.person_type,
    }
    return shape if count is None else {**shape, "count": count}


def subscription_json(kind: SubscriptionType) -> Json:
    words = {"name": kind.name, "description": f"About {kind.name.lower()}", "locale": "en"}
    return {
        "type": "subscription",
        "id": kind.id,
        "state": "live",
        "consent_type": kind.consent_type,
        "default_translation": words,
        "translations": [words],
        "content_types": list(kind.content_types),
    }


def attribute_json(attribute: DataAttribute) -> Json:
    prefix = "custom_attributes." if attribute.custom else ""
    shape: Json = {
        "type": "data_attribute",
        "name": attribute.name,
        "full_name": f"{prefix}{attribute.name}",
        "label": attribute.label,
        "description": attribute.description,
        "data_type": attribute.data_type,
        "api_writable": attribute.api_writable,
        "ui_writable": attribute.custom,
        "messenger_writable": attribute.messenger_writable,
        "custom": attribute.custom,
        "archived": attribute.archived,
        "model": attribute.model,
    }
    if attribute.id is not None:
        shape["id"] = attribute.id
    if attribute.options:
        shape["options"] = attribute.options
    for name in ("created_at", "updated_at", "admin_id"):
        if getattr(attribute, name) is not None:
            shape[name] = getattr(attribute, name)
    return shape


def note_json(note: Note, *, author: Admin) -> Json:
    return {
        "type": "note",
        "id": note.id,
        "created_at": note.created_at,
        "contact": {"type": "contact", "id": note.contact_id},
        "author": admin_json(author),
        "body": note.body,
    }


def event_json(event: Event, *, email: str | None, external_id: str | None) -> Json:
    shape: Json = {
        "type": "event",
        "id": event.id,
        "event_name": event.name,
        "created_at": event.created_at,
        "intercom_user_id": event.contact_id,
        "metadata": event.metadata,
    }
    if external_id is not None:
        shape["user_id"] = external_id
    if email is not None:
        shape["email"] = email
    return shape
