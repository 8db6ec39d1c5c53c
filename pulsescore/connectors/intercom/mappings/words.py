"""Pure: the names of our own attributes, their types and words; which names are taken."""

from typing import Final

from msgspec import Struct

from pulsescore.connectors.intercom.mappings.fields import MappedKind
from pulsescore.scoring.config import FACTORS

LONGEST_NAME: Final = 255


class OurAttribute(Struct, frozen=True, kw_only=True):
    """One attribute of ours that can be mapped."""

    name: str
    type: str
    label: str


def _attributes(*rows: tuple[str, str, str]) -> tuple[OurAttribute, ...]:
    return tuple(OurAttribute(name=name, type=kind, label=label) for name, kind, label in rows)


_MEASURES: Final = {
    "support_recency": "Days since support or use",
    "open_tickets": "Open tickets",
    "resolution_time": "Hours to resolution",
    "reopen_rate": "Reopened tickets",
    "response_rate": "Hours waiting for an answer",
}
# What PulseScore works out; nobody else may tell them.
COMPUTED: Final = _attributes(
    ("score", "integer", "Health score"),
    ("risk_level", "string", "Risk level"),
    *((f"factor.{key}", "float", _MEASURES[key]) for key in FACTORS),
    ("segments", "string", "Segments, by name"),
)
_COMPANY: Final = _attributes(
    ("name", "string", "Name"),
    ("plan", "string", "Plan"),
    ("size", "integer", "Size"),
    ("industry", "string", "Industry"),
    ("website", "string", "Website"),
    ("monthly_spend", "integer", "Monthly spend"),
    ("remote_created_at", "date", "Created"),
    ("last_request_at", "date", "Last seen"),
)
_OWN_COMPANY: Final = _attributes(
    ("company_key", "string", "Your id of the company"),
    ("members", "integer", "People"),
    ("score", "integer", "Health score"),
    ("risk_level", "string", "Risk level"),
    ("segments", "string", "Segments, by name"),
)
_PERSON: Final = _attributes(
    ("external_user_id", "string", "Your id of the person"),
    ("email", "string", "E-mail address"),
    ("name", "string", "Name"),
    ("phone", "string", "Phone"),
    ("avatar_url", "string", "Picture"),
    ("contact_role", "string", "User or lead"),
    ("country", "string", "Country"),
    ("region", "string", "Region"),
    ("city", "string", "City"),
    ("browser", "string", "Browser"),
    ("os", "string", "Operating system"),
    ("language", "string", "Language"),
    ("first_seen_at", "date", "First seen"),
    ("signed_up_at", "date", "Signed up"),
    ("last_seen_at", "date", "Last seen"),
    ("last_replied_at", "date", "Last replied"),
    ("last_contacted_at", "date", "Last contacted"),
)
_OF_COMPANY: Final = tuple(
    OurAttribute(name=f"company.{one.name}", type=one.type, label=f"Company: {one.label.lower()}")
    for one in (*_COMPANY, *_OWN_COMPANY[2:4])
)
KNOWN: Final[dict[MappedKind, tuple[OurAttribute, ...]]] = {
    "contact": (*_PERSON, *COMPUTED, *_OF_COMPANY),
    "company": (*_COMPANY, *_OWN_COMPANY),
}
_BY_NAME: Final[dict[MappedKind, dict[str, OurAttribute]]] = {
    kind: {one.name: one for one in known} for kind, known in KNOWN.items()
}
_WORKED_OUT: Final = {one.name for one in COMPUTED}
_RESERVED: Final = ("factor.", "company.", "intercom/")


def known_attribute(kind: MappedKind, name: str) -> OurAttribute | None:
    """The attribute that every organization has, by its name."""
    return _BY_NAME[kind].get(name)


def is_reserved(name: str) -> bool:
    """Whether nobody but PulseScore, or Intercom itself, tells an attribute of this name."""
    return name in _WORKED_OUT or name.startswith(_RESERVED)
