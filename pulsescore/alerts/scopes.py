"""Which customers a rule is about: all, or those in one of its segments."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from pulsescore.alerts.models import AlertRule
from pulsescore.segments.models import Member


class Concerning(Protocol):
    """Something about a rule and a customer."""

    @property
    def rule(self) -> AlertRule: ...
    @property
    def customer_id(self) -> int: ...


ConcernT = TypeVar("ConcernT", bound=Concerning)


def within_scope(org_id: int, cases: Sequence[ConcernT]) -> list[ConcernT]:
    """Those whose customers the rules are about, in one statement."""
    segments = {pk for one in cases for pk in one.rule.segments}
    if not segments:
        return list(cases)
    rows = Member.objects.for_org(org_id).filter(
        segment_id__in=segments, customer_id__in={one.customer_id for one in cases}
    )
    members = set(rows.values_list("customer_id", "segment_id"))
    return [
        one
        for one in cases
        if not one.rule.segments
        or any((one.customer_id, pk) in members for pk in one.rule.segments)
    ]
