"""The fields by which contacts can be searched."""

from collections.abc import Callable
from typing import Any

from intercom_sim.model import Contact, DataAttribute
from intercom_sim.search.fields import DAY, FLAG, IDS, NUMBER, TEXT, Catalogue, Field, FieldKind
from intercom_sim.segments import segments_of
from intercom_sim.shapes.contact import device_json, email_domain, location_json
from intercom_sim.workspace import Workspace

OPERATORS = {"string": TEXT, "integer": NUMBER, "float": NUMBER, "boolean": FLAG, "date": DAY}
PLAIN = ("id", "role", "name", "owner_id", "email", "phone", "external_id", "language_override")
DATES = (
    "created_at",
    "updated_at",
    "signed_up_at",
    "last_seen_at",
    "last_contacted_at",
    "last_replied_at",
    "last_email_opened_at",
    "last_email_clicked_at",
)
FLAGS = ("has_hard_bounced", "marked_email_as_spam", "unsubscribed_from_emails")
DEVICE = ("browser", "browser_version", "browser_language", "os")
PLACE = ("country", "region", "city")
PHONE = ("app_name", "app_version", "device", "os_version", "sdk_version")
FieldMap = dict[str, Field[Contact]]


def contact_catalogue(workspace: Workspace) -> Catalogue[Contact]:
    """The catalogue of this workspace; dates count by whole days in its time zone."""
    known = {
        f"custom_attributes.{one.name}": _custom(one)
        for one in workspace.attributes
        if one.custom and one.model == "contact"
    }
    fields = {**FIXED, **known, "segment_id": _segments(workspace)}
    return Catalogue(fields=fields, custom=lambda name: None, whole_days=True)


def _attribute(name: str) -> Callable[[Contact], Any]:
    return lambda contact: getattr(contact, name)


def _from_device(name: str) -> Callable[[Contact], Any]:
    return lambda contact: device_json(contact.device)[name]


def _from_place(name: str) -> Callable[[Contact], Any]:
    return lambda contact: location_json(contact.location)[name]


def _custom(definition: DataAttribute) -> Field[Contact]:
    kinds: dict[str, FieldKind] = {"float": "integer", "integer": "integer", "date": "date"}
    kinds |= {"boolean": "boolean"}
    name = definition.name
    return Field(
        kind=kinds.get(definition.data_type, "string"),
        read=lambda contact: contact.custom_attributes.get(name),
        operators=OPERATORS[definition.data_type],
    )


def _segments(workspace: Workspace) -> Field[Contact]:
    return Field("ids", lambda contact: segments_of(contact, workspace=workspace), IDS)


def _fixed() -> FieldMap:
    fields: FieldMap = {name: Field("string", _attribute(name), TEXT) for name in PLAIN}
    fields |= {name: Field("date", _attribute(name), DAY) for name in DATES}
    fields |= {name: Field("boolean", _attribute(name), FLAG) for name in FLAGS}
    fields |= {name: Field("string", _from_device(name), TEXT) for name in DEVICE}
    fields |= {f"location.{name}": Field("string", _from_place(name), TEXT) for name in PLACE}
    for system in ("ios", "android"):
        fields |= {f"{system}_{what}": Field("string", lambda _: None, TEXT) for what in PHONE}
        fields[f"{system}_last_seen_at"] = Field("date", lambda _: None, DAY)
    fields["formatted_phone"] = fields["phone"]
    fields["avatar"] = Field("string", lambda contact: contact.avatar_url, TEXT)
    fields["email_domain"] = Field("string", lambda contact: email_domain(contact.email), TEXT)
    fields["tag_id"] = Field("ids", lambda contact: contact.tags, frozenset({"=", "!="}))
    return fields


FIXED = _fixed()
