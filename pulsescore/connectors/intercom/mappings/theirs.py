"""Pure: what Intercom holds of a contact or company, as the store keeps it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from pulsescore.connectors.intercom.mappings.fields import CUSTOM, STANDARD, MappedKind

_GROUP: Final = "intercom/"
_OWN_NAMES: Final = {"avatar": "avatar_url"}


class Theirs(Struct, frozen=True, kw_only=True):
    """The last known state; `values` by full name. `role` is None for what is not there yet."""

    object: MappedKind
    values: Mapping[str, Any] = {}
    role: str | None = None


def contact(attributes: Mapping[str, Any], metadata: Mapping[str, Any]) -> Theirs:
    """A contact by the columns `attributes` and `metadata` of its customer."""
    known = {
        name: attributes.get(_GROUP + _OWN_NAMES.get(name, name)) for name in STANDARD["contact"]
    }
    custom = {CUSTOM + name: value for name, value in metadata.items()}
    return Theirs(object="contact", values=known | custom, role=attributes.get("intercom/role"))


def company(
    *,
    name: str | None,
    plan: str | None,
    size: int | None,
    website: str | None,
    industry: str | None,
    monthly_spend: Any,
    remote_created_at: datetime | None,
    metadata: Mapping[str, Any],
) -> Theirs:
    """A company by its columns of those names."""
    known = {
        "name": name,
        "plan": plan,
        "size": size,
        "website": website,
        "industry": industry,
        "monthly_spend": monthly_spend,
        "remote_created_at": remote_created_at,
    }
    custom = {CUSTOM + key: value for key, value in metadata.items()}
    return Theirs(object="company", values=known | custom)


def new_contact(role: str) -> Theirs:
    """Somebody whom Intercom does not know yet."""
    return Theirs(object="contact", role=role)


def new_company() -> Theirs:
    """A company that Intercom does not know yet."""
    return Theirs(object="company")
