"""The segments that every organization has from its first moment."""

from typing import Any, Final

from pulsescore.accounts.models import Organization
from pulsescore.segments.models import Segment, SegmentKind
from pulsescore.segments.rules import is_time_dependent, parse_rule

_DAYS: Final = 30


def _within(field: str, op: str = "within_days") -> dict[str, Any]:
    return {"field": field, "op": op, "value": _DAYS}


def _level(level: str) -> dict[str, Any]:
    return {"all": [{"field": "risk_level", "op": "eq", "value": level}]}


STARTERS: Final[dict[str, dict[str, Any]]] = {
    "Critical": _level("red"),
    "At risk": _level("yellow"),
    "Healthy": _level("green"),
    "New this month": {"all": [_within("first_seen_at")]},
    # Somebody who only just came is not silent yet.
    "Silent for 30 days": {
        "all": [
            _within("last_seen_at", "not_within_days"),
            _within("last_replied_at", "not_within_days"),
            _within("first_seen_at", "not_within_days"),
        ]
    },
    "Waiting on us": {"all": [{"field": "waiting_conversations", "op": "gte", "value": 1}]},
}


def add_starters(org_id: int) -> list[Segment]:
    """Give an organization its first segments."""
    return Segment.objects.for_org(org_id).bulk_create(
        Segment(
            org_id=org_id,
            kind=SegmentKind.CUSTOMER,
            name=name,
            rule=rule,
            is_time_dependent=is_time_dependent(parse_rule(rule, kind="customer")),
            is_starter=True,
        )
        for name, rule in STARTERS.items()
    )


def on_founded(*, instance: Organization, created: bool, **_ignored: Any) -> None:
    """An organization was stored, by whatever way; what accounts do not know of follows here."""
    if created:
        add_starters(instance.pk)
