"""Pure: the fields of Intercom that can be written, what each takes, and definitions of others.

Standard fields are those of the requests that create and update contacts and companies in
Intercom's description 2.16; `language_override` follows its changelog of 2.15.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal

from msgspec import Struct

MappedKind = Literal["contact", "company"]
CUSTOM: Final = "custom_attributes."


class Row(Struct, frozen=True, kw_only=True):
    """One row of the outgoing table."""

    object: MappedKind
    attribute: str
    intercom: str
    overwrite: bool = False


class Definition(Struct, frozen=True, kw_only=True):
    """What Intercom says of an attribute; `name` is its full name there."""

    name: str
    label: str = ""
    data_type: str = "string"
    options: tuple[str, ...] = ()
    writable: bool = True
    custom: bool = True
    archived: bool = False


class Target(Struct, frozen=True, kw_only=True):
    """A field to write: the kind of value it takes, and whether it can be emptied.

    `is_identity`: it says who somebody is, so a value that Intercom has is never replaced.
    """

    kind: str
    options: tuple[str, ...] = ()
    can_be_emptied: bool = True
    is_identity: bool = False


class Unwritable(ValueError):
    """Nothing can be written there; the message says why."""


_CONTACT: Final = {
    "name": Target(kind="string"),
    "email": Target(kind="email", can_be_emptied=False),
    "phone": Target(kind="phone"),
    "avatar": Target(kind="url"),
    "owner_id": Target(kind="admin"),
    "external_id": Target(kind="key", can_be_emptied=False, is_identity=True),
    "signed_up_at": Target(kind="date"),
    "last_seen_at": Target(kind="date"),
    "unsubscribed_from_emails": Target(kind="boolean", can_be_emptied=False),
    "language_override": Target(kind="string"),
}
_COMPANY: Final = {
    "name": Target(kind="string", can_be_emptied=False),
    "plan": Target(kind="string", can_be_emptied=False),
    "size": Target(kind="integer", can_be_emptied=False),
    "website": Target(kind="key", can_be_emptied=False),
    "industry": Target(kind="string", can_be_emptied=False),
    "monthly_spend": Target(kind="money", can_be_emptied=False),
    "remote_created_at": Target(kind="date", can_be_emptied=False),
}
STANDARD: Final[Mapping[str, Mapping[str, Target]]] = {"contact": _CONTACT, "company": _COMPANY}
_TYPES: Final = frozenset({"string", "integer", "float", "boolean", "date", "datetime", "options"})


def target_of(kind: MappedKind, name: str, definitions: Mapping[str, Definition]) -> Target:
    """Where a value would be written; raises `Unwritable` with the reason."""
    if name in STANDARD[kind]:
        return STANDARD[kind][name]
    if not name.startswith(CUSTOM):
        raise Unwritable("Intercom does not let this field be written.")
    definition = definitions.get(name)
    if definition is None:
        raise Unwritable("Intercom has no such attribute yet: create it on the Mapping page.")
    if definition.archived:
        raise Unwritable("This attribute is archived in Intercom.")
    if not definition.writable:
        raise Unwritable("Intercom does not let this attribute be written from outside.")
    if definition.data_type not in _TYPES:
        raise Unwritable(f"Attributes of the type {definition.data_type} cannot be written.")
    kind_of_value = "options" if definition.options else definition.data_type
    return Target(kind=kind_of_value, options=definition.options)


def type_of(name: str, target: Target) -> str:
    """The type as Intercom calls it."""
    return _SHOWN.get(target.kind, "string") if not name.startswith(CUSTOM) else target.kind


_SHOWN: Final = {
    "date": "date",
    "boolean": "boolean",
    "integer": "integer",
    "money": "integer",
}


def request_body(writes: Mapping[str, Any]) -> dict[str, Any]:
    """Values by full name as a request to Intercom carries them."""
    body = {name: value for name, value in writes.items() if not name.startswith(CUSTOM)}
    custom = {
        name.removeprefix(CUSTOM): value
        for name, value in writes.items()
        if name.startswith(CUSTOM)
    }
    return body | {"custom_attributes": custom} if custom else body
