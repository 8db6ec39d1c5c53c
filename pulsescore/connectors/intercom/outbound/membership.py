"""Who is in which segment: the one place that asks the stage of segments."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from pulsescore.segments.membership import would_hold
from pulsescore.segments.models import CompanyMembership, Member, Segment
from pulsescore.segments.rules import parse_rule
from pulsescore.segments.tag_circles import find_circles


def names_of(org_id: int, segment_ids: Iterable[int], *, kind: str = "customer") -> dict[int, str]:
    """Names of those of these segments that exist."""
    rows = Segment.objects.for_org(org_id).filter(
        pk__in=list(segment_ids), kind=kind, deleted_at=None
    )
    return dict(rows.values_list("id", "name"))


def circles_among(org_id: int, segment_ids: Iterable[int]) -> frozenset[int]:
    """Those of these segments whose own tags would move their members for ever."""
    rows = Segment.objects.for_org(org_id).filter(
        pk__in=list(segment_ids), kind="customer", deleted_at=None
    )
    told = {one.pk: one for one in rows}
    rules = {pk: parse_rule(one.rule, kind="customer") for pk, one in told.items()}
    return find_circles(rules, {pk: one.name for pk, one in told.items()})


def segments_of_customers(
    org_id: int, customer_ids: Iterable[int], *, among: Iterable[int]
) -> Mapping[int, frozenset[int]]:
    """Of each customer, in which of these segments they are; nobody in none is named."""
    rows = Member.objects.for_org(org_id).filter(
        customer_id__in=list(customer_ids), segment_id__in=list(among)
    )
    return _grouped(rows.values_list("customer_id", "segment_id"))


def segments_if_restored(
    org_id: int, customer_ids: Iterable[int], *, among: Iterable[int], now: datetime
) -> Mapping[int, frozenset[int]]:
    """In which of these segments archived customers will be once they are brought back."""
    return would_hold(org_id, sorted(customer_ids), sorted(among), now=now)


def segments_of_companies(
    org_id: int, company_ids: Iterable[int], *, among: Iterable[int]
) -> Mapping[int, frozenset[int]]:
    """Of each company, in which of these segments it is."""
    rows = CompanyMembership.objects.for_org(org_id).filter(
        company_id__in=list(company_ids), segment_id__in=list(among)
    )
    return _grouped(rows.values_list("company_id", "segment_id"))


def _grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for one, segment in pairs:
        found.setdefault(one, set()).add(segment)
    return {one: frozenset(segments) for one, segments in found.items()}
