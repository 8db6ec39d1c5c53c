"""Reads for pages, the API and later stages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db.models import QuerySet
from django.db.models.functions import Lower

from pulsescore.core.errors import FieldFault, Invalid, NotFound
from pulsescore.scoring.queries import CompanyRow, CustomerRow, get_company_rows, get_rows
from pulsescore.segments.fields import Kind
from pulsescore.segments.models import CompanyMembership, Member, Segment

MAX_PER_PAGE: Final = 100
_MAX_ID: Final = 2**63 - 1


class SegmentRef(NamedTuple):
    """A segment as a mention."""

    id: int
    name: str


@dataclass(frozen=True)
class MemberPage:
    """One page of who is in a segment, in the order of ids; `entered` by id."""

    rows: Sequence[CustomerRow] | Sequence[CompanyRow]
    entered: dict[int, datetime]
    page: int
    per_page: int
    total: int


def list_segments(org_id: int, *, kind: Kind | None = None) -> list[Segment]:
    """All segments by name; `size` is how many are in each."""
    rows = Segment.objects.for_org(org_id).filter(deleted_at=None)
    if kind is not None:
        rows = rows.filter(kind=kind)
    return list(rows.select_related("created_by").order_by(Lower("name"), "id"))


def get_segment(org_id: int, segment_id: int) -> Segment:
    """One segment; raises `NotFound`."""
    found = None
    if 0 < segment_id <= _MAX_ID:
        rows = Segment.objects.for_org(org_id).filter(deleted_at=None).select_related("created_by")
        found = rows.filter(pk=segment_id).first()
    if found is None:
        raise NotFound("There is no such segment.")
    return found


def segments_of(org_id: int, customer_id: int) -> list[SegmentRef]:
    """The segments that a customer is in, by name."""
    return segments_of_many(org_id, [customer_id]).get(customer_id, [])


def segments_of_many(org_id: int, customer_ids: Sequence[int]) -> dict[int, list[SegmentRef]]:
    """The segments that each customer is in, by name; who is in none is left out."""
    rows = Member.objects.for_org(org_id).filter(customer_id__in=customer_ids)
    return _by_member(rows, "customer_id")


def segments_of_companies(org_id: int, company_ids: Sequence[int]) -> dict[int, list[SegmentRef]]:
    """The segments that each company is in, by name; one that is in none is left out."""
    rows = CompanyMembership.objects.for_org(org_id).filter(company_id__in=company_ids)
    return _by_member(rows, "company_id")


def list_members(
    org_id: int, segment_id: int, *, page: int = 1, per_page: int = 25, now: datetime | None = None
) -> MemberPage:
    """One page of who is in a segment, newest known first. Raises `NotFound`, `Invalid`."""
    segment = get_segment(org_id, segment_id)
    if not 1 <= per_page <= MAX_PER_PAGE:
        raise Invalid(FieldFault("per_page", f"must be from 1 to {MAX_PER_PAGE}"))
    if not 1 <= page <= 10**9:
        raise Invalid(FieldFault("page", f"must be from 1 to {10**9}"))
    column, members = _members(segment)
    start = (page - 1) * per_page
    found = members.order_by(f"-{column}").values_list(column, "entered_at")
    entered = dict(found[start : start + per_page])
    rows: Sequence[CustomerRow] | Sequence[CompanyRow]
    if segment.kind == "customer":
        rows = get_rows(org_id, list(entered), now=now)
    else:
        rows = get_company_rows(org_id, list(entered))
    return MemberPage(rows, entered, page, per_page, members.count())


def _members(segment: Segment) -> tuple[str, QuerySet[Any]]:
    """The column of ids, and the rows, of who is in a segment and not deleted."""
    if segment.kind == "customer":
        people = Member.objects.for_org(segment.org_id)
        return "customer_id", people.filter(segment=segment, customer__deleted_at=None)
    firms = CompanyMembership.objects.for_org(segment.org_id)
    return "company_id", firms.filter(segment=segment, company__deleted_at=None)


def _by_member(rows: Any, column: str) -> dict[int, list[SegmentRef]]:
    living = rows.filter(segment__deleted_at=None).order_by(Lower("segment__name"), "segment_id")
    found: dict[int, list[SegmentRef]] = {}
    for member, segment_id, name in living.values_list(column, "segment_id", "segment__name"):
        found.setdefault(member, []).append(SegmentRef(segment_id, name))
    return found
