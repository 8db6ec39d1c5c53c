"""Pure: what rules may ask of customers and companies, and which operators each type has."""

from dataclasses import dataclass, replace
from typing import Final, Literal

from pulsescore.scoring.config import FACTORS

Kind = Literal["customer", "company"]
KINDS: Final[tuple[Kind, ...]] = ("customer", "company")

TEXT, CHOICE, NUMBER, DATE, BOOL, LIST, CUSTOM = (
    "text",
    "choice",
    "number",
    "date",
    "bool",
    "list",
    "custom",
)
MAX_NAME: Final = 200
_SET: Final = ("set", "not_set")
_ONE: Final = ("eq", "ne", "in", "not_in")
_WORDS: Final = ("contains", "not_contains", "starts_with", "ends_with")
_SIZES: Final = ("gt", "gte", "lt", "lte")
_TIMES: Final = ("within_days", "not_within_days", "before", "after")
_HAS: Final = ("has", "has_not")
# What can be asked of each type; a custom attribute is what its operator takes it for.
OPERATORS: Final[dict[str, tuple[str, ...]]] = {
    TEXT: (*_ONE, *_WORDS, *_SET),
    CHOICE: (*_ONE, *_SET),
    NUMBER: (*_ONE, *_SIZES, *_SET),
    DATE: (*_TIMES, *_SET),
    BOOL: ("eq", "ne", *_SET),
    LIST: (*_HAS, "in", "not_in", *_SET),
    CUSTOM: (*_ONE, *_WORDS, *_SIZES, *_TIMES, *_HAS, *_SET),
}
OPERATOR_WORDS: Final[dict[str, str]] = {
    "eq": "is",
    "ne": "is not",
    "gt": "is greater than",
    "gte": "is at least",
    "lt": "is less than",
    "lte": "is at most",
    "contains": "contains",
    "not_contains": "does not contain",
    "starts_with": "begins with",
    "ends_with": "ends with",
    "in": "is one of",
    "not_in": "is none of",
    "has": "has",
    "has_not": "does not have",
    "set": "is known",
    "not_set": "is unknown",
    "before": "is before",
    "after": "is after",
    "within_days": "is within the last days",
    "not_within_days": "is not within the last days",
    "did": "did",
    "did_not": "did not",
}
# What stands behind each "not": a negated operator is true of whomever its opposite is not.
OPPOSITES: Final[dict[str, str]] = {
    "ne": "eq",
    "not_contains": "contains",
    "not_in": "in",
    "has_not": "has",
    "not_set": "set",
    "not_within_days": "within_days",
    "did_not": "did",
}


@dataclass(frozen=True)
class Field:
    """Something a rule may ask about.

    `choices` are (value, words). `span` says whether a leaf has `within_days` beside its operator:
    "" no, "optional", or "required".
    """

    key: str
    type: str
    words: str
    group: str = "Customer"
    choices: tuple[tuple[str, str], ...] = ()
    span: str = ""
    unit: str = ""

    @property
    def operators(self) -> tuple[str, ...]:
        """The operators that the field has."""
        return OPERATORS[self.type]


_LEVELS: Final = (("red", "Critical"), ("yellow", "At risk"), ("green", "Healthy"))
_ROLES: Final = (("user", "User"), ("lead", "Lead"))
_FACTORS: Final = {
    "support_recency": ("Days since support or use", "days"),
    "open_tickets": ("Open tickets", "conversations"),
    "resolution_time": ("Time to resolution", "hours"),
    "reopen_rate": ("Reopened tickets", "reopenings"),
    "response_rate": ("Time waiting for an answer", "hours"),
}
_HEALTH: Final = (
    Field("score", NUMBER, "Health score", "Health"),
    Field("risk_level", CHOICE, "Risk level", "Health", _LEVELS),
    Field("score_change", NUMBER, "Change of the score", "Health", span="required", unit="points"),
    *(
        Field(f"factor.{key}", NUMBER, _FACTORS[key][0], "Health", unit=_FACTORS[key][1])
        for key in FACTORS
    ),
)
_TALKS: Final = (
    Field("open_conversations", NUMBER, "Open conversations", "Conversations"),
    Field("waiting_conversations", NUMBER, "Conversations waiting on us", "Conversations"),
    Field("snoozed_conversations", NUMBER, "Snoozed conversations", "Conversations"),
    Field("closed_conversations", NUMBER, "Closed conversations", "Conversations"),
    Field("conversations", NUMBER, "Conversations", "Conversations", span="optional"),
)
_PERSON: Final = (
    Field("name", TEXT, "Name"),
    Field("email", TEXT, "E-mail address"),
    Field("contact_role", CHOICE, "Role", choices=_ROLES),
    Field("tags", LIST, "Tags"),
    Field("phone", TEXT, "Phone"),
    Field("external_id", TEXT, "Id at the source"),
    Field("external_user_id", TEXT, "User id"),
    Field("owner", TEXT, "Owner (id at the source)"),
    Field("source", TEXT, "Source"),
    Field("country", TEXT, "Country"),
    Field("region", TEXT, "Region"),
    Field("city", TEXT, "City"),
    Field("language", TEXT, "Language"),
    Field("browser", TEXT, "Browser"),
    Field("os", TEXT, "Operating system"),
    Field("unsubscribed_from_emails", BOOL, "Unsubscribed from e-mails"),
    Field("has_hard_bounced", BOOL, "E-mail bounced"),
    Field("marked_email_as_spam", BOOL, "Marked e-mail as spam"),
    Field("first_seen_at", DATE, "First seen"),
    Field("signed_up_at", DATE, "Signed up"),
    Field("last_seen_at", DATE, "Last seen"),
    Field("last_replied_at", DATE, "Last wrote"),
    Field("last_contacted_at", DATE, "Last contacted"),
    Field("created_at", DATE, "Known here since"),
)
_FIRM: Final = (
    Field("name", TEXT, "Company name", "Company"),
    Field("plan", TEXT, "Plan", "Company"),
    Field("size", NUMBER, "Employees", "Company"),
    Field("industry", TEXT, "Industry", "Company"),
    Field("website", TEXT, "Website", "Company"),
    Field("monthly_spend", NUMBER, "Monthly spend", "Company"),
    Field("tags", LIST, "Company tags", "Company"),
    Field("company_key", TEXT, "Company id", "Company"),
    Field("external_id", TEXT, "Company id at the source", "Company"),
    Field("score", NUMBER, "Company score", "Company"),
    Field("risk_level", CHOICE, "Company risk level", "Company", _LEVELS),
    Field("members", NUMBER, "Members", "Company"),
    Field("scored_members", NUMBER, "Members with a score", "Company"),
    Field("remote_created_at", DATE, "Company created", "Company"),
    Field("last_request_at", DATE, "Company last active", "Company"),
    Field("created_at", DATE, "Company known here since", "Company"),
)
COMPANY_PREFIX: Final = "company."
FREE_PREFIXES: Final = {"metadata.": "Custom attributes", "attributes.": "Attributes"}
_OF_COMPANY: Final = {one.key: one for one in _FIRM}
_OF_CUSTOMER: Final = {
    one.key: one
    for one in (
        *_PERSON,
        *_HEALTH,
        *_TALKS,
        *(replace(one, key=f"{COMPANY_PREFIX}{one.key}") for one in _FIRM),
    )
}
STANDARD: Final[dict[Kind, dict[str, Field]]] = {
    "customer": _OF_CUSTOMER,
    "company": _OF_COMPANY,
}


def find_field(kind: Kind, key: str) -> Field | None:
    """The field of this name, custom ones included, or None."""
    known = STANDARD[kind].get(key)
    if known is not None:
        return known
    inner = key
    if kind == "customer" and key.startswith(COMPANY_PREFIX):
        inner = key.removeprefix(COMPANY_PREFIX)
    for prefix, group in FREE_PREFIXES.items():
        name = inner.removeprefix(prefix)
        if inner.startswith(prefix) and 0 < len(name) <= MAX_NAME and "\0" not in name:
            in_company = kind == "company" or inner is not key
            return Field(key, CUSTOM, name, "Company attributes" if in_company else group)
    return None
