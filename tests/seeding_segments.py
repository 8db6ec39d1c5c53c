"""Segments to look at: one that is full, and one with a rule of many parts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from pulsescore.scoring.queries import CustomerFilters, list_customers
from pulsescore.segments import actions
from pulsescore.segments.models import Member, Segment
from pulsescore.segments.queries import list_segments
from tests import seeding_team
from tests.seeding import Seeded

COMPLEX: Final[dict[str, Any]] = {
    "all": [
        {"field": "score", "op": "lt", "value": 60},
        {"field": "score_change", "op": "lte", "value": -10, "within_days": 7},
        {
            "any": [
                {"field": "company.plan", "op": "in", "value": ["Pro", "Scale"]},
                {"field": "company.monthly_spend", "op": "gte", "value": 500},
            ]
        },
        {"field": "last_seen_at", "op": "not_within_days", "value": 14},
        {"not": {"any": [{"event": "Paid invoice", "op": "did", "count": 2, "within_days": 30}]}},
        {"field": "risk_level", "op": "in", "value": ["red", "yellow"]},
    ]
}


@dataclass(frozen=True)
class Segments:
    """What was added."""

    critical: Segment
    complex: Segment


def add_segments(seeded: Seeded, *, now: datetime) -> Segments:
    """Fill *Critical* with who is, and make a segment that asks a lot."""
    org_id = seeded.organization.pk
    critical = next(one for one in list_segments(org_id) if one.name == "Critical")
    found = list_customers(org_id, filters=CustomerFilters(risk="red"), per_page=100).customers
    Member.objects.for_org(org_id).bulk_create(
        Member(
            org_id=org_id,
            segment=critical,
            customer_id=row.id,
            entered_at=now - timedelta(hours=7 * place),
        )
        for place, row in enumerate(found)
    )
    Segment.objects.for_org(org_id).filter(pk=critical.pk).update(
        size=len(found), filled_revision=1
    )
    asking = actions.create_segment(
        seeding_team.owner_of(seeded), name="Large accounts on the way out", rule=COMPLEX, now=now
    )
    return Segments(critical, asking)
