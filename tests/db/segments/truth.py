"""Whether a rule holds of somebody, worked out in plain Python over what was made up for them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
_POSITIVE = {
    "ne": "eq",
    "not_contains": "contains",
    "not_in": "in",
    "has_not": "has",
    "not_set": "set",
    "not_within_days": "within_days",
}


@dataclass
class Firm:
    """A company as it was made up."""

    fields: dict[str, Any]
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass
class Person:
    """A customer as it was made up; instants as datetimes, conversations and events as tuples."""

    fields: dict[str, Any]
    metadata: dict[str, Any]
    traits: dict[str, Any]
    tags: list[str]
    score: int | None
    score_week_ago: int | None
    open_tickets: float | None
    talks: list[tuple[str, float, bool]]  # status, days since it was opened, waits
    events: list[tuple[str, float]]  # name, days since
    firms: list[int]


def holds(rule: dict[str, Any], person: Person, firms: list[Firm]) -> bool:
    """Whether the rule, as JSON, holds of the person."""
    if "all" in rule:
        return all(holds(one, person, firms) for one in rule["all"])
    if "any" in rule:
        return any(holds(one, person, firms) for one in rule["any"])
    if "not" in rule:
        return not holds(rule["not"], person, firms)
    if "event" in rule:
        days = rule.get("within_days")
        seen = [
            1 for name, ago in person.events if name == rule["event"] and (not days or ago <= days)
        ]
        return (len(seen) >= rule.get("count", 1)) == (rule["op"] == "did")
    return _leaf(rule, person, firms)


def _leaf(rule: dict[str, Any], person: Person, firms: list[Firm]) -> bool:
    op = _POSITIVE.get(rule["op"], rule["op"])
    key = rule["field"]
    if key.startswith("company."):
        inner = key.removeprefix("company.")
        found = any(_fits(_of_firm(inner, firms[one]), op, rule) for one in person.firms)
    else:
        found = _fits(_of_person(key, rule, person), op, rule)
    return found == (op == rule["op"])


def _of_firm(key: str, firm: Firm) -> Any:
    if key.startswith("metadata."):
        return firm.metadata.get(key.removeprefix("metadata."))
    return firm.fields.get(key)


def _of_person(key: str, rule: dict[str, Any], person: Person) -> Any:
    counts = {
        "open_conversations": lambda status, _ago, _waits: status == "open",
        "waiting_conversations": lambda status, _ago, waits: status == "open" and waits,
        "conversations": lambda _status, ago, _waits: ago <= rule.get("within_days", 10**6),
    }
    if key in counts:
        return sum(1 for talk in person.talks if counts[key](*talk))
    if key.startswith("metadata."):
        return person.metadata.get(key.removeprefix("metadata."))
    if key.startswith("attributes."):
        return person.traits.get(key.removeprefix("attributes."))
    if key == "score_change":
        known = person.score is not None and person.score_week_ago is not None
        return person.score - person.score_week_ago if known else None  # type: ignore[operator]
    return {
        "tags": person.tags,
        "score": person.score,
        "factor.open_tickets": person.open_tickets,
    }.get(key, person.fields.get(key))


def _fits(value: Any, op: str, rule: dict[str, Any]) -> bool:
    if op == "set" or value is None or value == "":
        return value not in (None, "", [], {})
    wanted = rule["value"]
    several = wanted if op == "in" else [wanted]
    if op == "has" or (op == "in" and isinstance(value, list)):
        return any(_text(one) in _texts(value) for one in several)
    if op in ("eq", "in"):
        return any(_equal(value, one) for one in several)
    if op in ("before", "after", "within_days"):
        return _dated(_instant(value), op, wanted)
    if op in ("gt", "gte", "lt", "lte"):
        return _compare(_number(value), op, Decimal(str(wanted)))
    return _worded(_text(value), op, str(_text(wanted)))


def _worded(text: str | None, op: str, part: str) -> bool:
    ways = {"contains": str.__contains__, "starts_with": str.startswith, "ends_with": str.endswith}
    return text is not None and ways[op](text, part)


def _equal(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, int | float) and not isinstance(wanted, bool):
        return _number(value) == Decimal(str(wanted))
    return _text(value) is not None and _text(value) == _text(wanted)


def _compare(value: Decimal | None, op: str, wanted: Decimal) -> bool:
    if value is None:
        return False
    return {
        "gt": value > wanted,
        "gte": value >= wanted,
        "lt": value < wanted,
        "lte": value <= wanted,
    }[op]


def _dated(value: datetime | None, op: str, wanted: Any) -> bool:
    if value is None:
        return False
    if op == "within_days":
        return NOW - timedelta(days=wanted) <= value <= NOW + timedelta(days=1)
    day = datetime.fromisoformat(wanted).replace(tzinfo=UTC)
    return value < day if op == "before" else value >= day + timedelta(days=1)


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return Decimal(str(value))
    digits = value.removeprefix("-").replace(".", "", 1) if isinstance(value, str) else ""
    whole = isinstance(value, str) and value.strip("-") == value.removeprefix("-")
    if whole and digits.isascii() and digits.isdigit() and not value.endswith("."):
        return Decimal(value)
    return None


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value).lower()
    return None


def _texts(value: Any) -> list[str | None]:
    return [_text(one) for one in (value if isinstance(value, list) else [value])]


def _instant(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, str) and value.isdigit() and len(value) >= 9:
        value = int(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) >= 10**14:
            return None
        return datetime.fromtimestamp(value / 1000 if value > 99_999_999_999 else value, UTC)
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
