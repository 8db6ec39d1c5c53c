"""Segments: groups of customers or companies by rules, who is in them, trying a rule."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Query, Router, Status
from pydantic import BaseModel, Field

from pulsescore.api.areas.customer_shapes import (
    CompanyOut,
    CustomerOut,
    CustomersOut,
    show_company,
    show_customers,
)
from pulsescore.api.bodies import StrictBody
from pulsescore.api.callers import MemberRequest, admin, member
from pulsescore.api.paging import Order, PageQuery, Pagination, pagination
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import NotFound
from pulsescore.pipeline import segmenting
from pulsescore.scoring import queries as scores
from pulsescore.scoring.queries import CompanyRow, CustomerRow
from pulsescore.segments import queries
from pulsescore.segments.catalogue import offered_fields
from pulsescore.segments.fields import Field as SegmentField
from pulsescore.segments.models import Segment
from pulsescore.segments.preview import preview

router = Router(tags=["Segments"], auth=member)

Kind = Literal["customer", "company"]


class SegmentIn(StrictBody):
    """A segment; the rule is `{"all": […]}`, `{"any": […]}`, `{"not": …}` or a condition."""

    kind: Kind = "customer"
    name: str
    rule: dict[str, Any]


class SegmentChangesIn(StrictBody):
    """What is to change of a segment; what is not told stays."""

    name: str | None = None
    rule: dict[str, Any] | None = None


class RuleIn(StrictBody):
    """A rule to try."""

    kind: Kind = "customer"
    rule: dict[str, Any]


class KindQuery(BaseModel):
    """Which segments."""

    kind: Kind | None = None


class FieldQuery(BaseModel):
    """Of what the fields are."""

    kind: Kind = "customer"


class MemberQuery(PageQuery):
    """Sort and page of a segment's customers."""

    search: str | None = None
    sort: Literal["name", "score", "last_seen_at", "created_at"] = "name"
    order: Order = "asc"


class SegmentOut(BaseModel):
    """A segment; while it is not `filled`, `size` still grows or shrinks to what its rule says."""

    id: int
    kind: Kind
    name: str
    rule: dict[str, Any]
    size: int
    filled: bool
    time_dependent: bool
    created_at: datetime
    updated_at: datetime


class SegmentsOut(BaseModel):
    """All segments by name."""

    segments: list[SegmentOut]


class FieldOut(BaseModel):
    """A field that rules may ask about; `span` says whether it takes `within_days`."""

    field: str
    type: str
    name: str
    group: str
    operators: list[str]
    choices: list[str]
    span: Annotated[str, Field(description="Empty, `optional` or `required`.")]


class FieldsOut(BaseModel):
    """What rules may ask about, custom attributes that are in use included."""

    fields: list[FieldOut]


class PreviewOut(BaseModel):
    """How many fit (null: it took too long to count), and the newest of them."""

    count: int | None
    customers: list[CustomerOut]
    companies: list[CompanyOut]


class SegmentCompaniesOut(BaseModel):
    """A page of a segment's companies."""

    companies: list[CompanyOut]
    pagination: Pagination


@router.get("", response=SegmentsOut)
def list_segments(request: MemberRequest, query: Annotated[KindQuery, Query()]) -> SegmentsOut:
    """Segments with how many are in each."""
    found = queries.list_segments(request.auth.org_id, kind=query.kind)
    return SegmentsOut(segments=[_show(one) for one in found])


@router.post("", response={201: SegmentOut}, auth=admin)
def create_segment(request: MemberRequest, body: SegmentIn) -> Status[SegmentOut]:
    """Make a segment; it fills in the background."""
    made = segmenting.create_segment(
        request.auth, kind=body.kind, name=body.name, rule=body.rule, now=utcnow()
    )
    return Status(201, _show(made))


@router.get("/fields", response=FieldsOut)
def list_fields(request: MemberRequest, query: Annotated[FieldQuery, Query()]) -> FieldsOut:
    """The fields that rules may name, with their operators."""
    return FieldsOut(
        fields=[_show_field(one) for one in offered_fields(request.auth.org_id, query.kind)]
    )


@router.post("/preview", response=PreviewOut)
def preview_rule(request: MemberRequest, body: RuleIn) -> PreviewOut:
    """Who would be in a segment of this rule; stores nothing."""
    org_id = request.auth.org_id
    found = preview(org_id, kind=body.kind, rule=body.rule, now=utcnow())
    customers, companies = _apart(found.sample)
    return PreviewOut(
        count=found.count,
        customers=show_customers(org_id, customers),
        companies=[show_company(one) for one in companies],
    )


@router.get("/{id:segment_id}", response=SegmentOut)
def get_segment(request: MemberRequest, segment_id: int) -> SegmentOut:
    """One segment."""
    return _show(queries.get_segment(request.auth.org_id, segment_id))


@router.patch("/{id:segment_id}", response=SegmentOut, auth=admin)
def change_segment(request: MemberRequest, segment_id: int, body: SegmentChangesIn) -> SegmentOut:
    """Rename a segment, or give it another rule; who is in it follows in the background."""
    changed = segmenting.update_segment(
        request.auth, segment_id, name=body.name, rule=body.rule, now=utcnow()
    )
    return _show(changed)


@router.delete("/{id:segment_id}", response={204: None}, auth=admin)
def delete_segment(request: MemberRequest, segment_id: int) -> Status[None]:
    """Delete a segment; customers stay, a tag in Intercom that mirrors it goes."""
    segmenting.delete_segment(request.auth, segment_id, now=utcnow())
    return Status(204, None)


@router.get("/{id:segment_id}/customers", response=CustomersOut)
def list_members(
    request: MemberRequest, segment_id: int, query: Annotated[MemberQuery, Query()]
) -> CustomersOut:
    """The segment's customers with their scores."""
    org_id = request.auth.org_id
    if queries.get_segment(org_id, segment_id).kind != "customer":
        raise NotFound("This segment is one of companies.")
    found = scores.list_customers(
        org_id,
        filters=scores.CustomerFilters(segment=segment_id, search=query.search or None),
        sort=query.sort,
        order=query.order,
        page=query.page,
        per_page=query.per_page,
        now=utcnow(),
    )
    shown = show_customers(org_id, found.customers)
    return CustomersOut(customers=shown, pagination=pagination(query, found.total))


@router.get("/{id:segment_id}/companies", response=SegmentCompaniesOut)
def list_companies(
    request: MemberRequest, segment_id: int, query: Annotated[PageQuery, Query()]
) -> SegmentCompaniesOut:
    """The segment's companies, newest known first."""
    org_id = request.auth.org_id
    if queries.get_segment(org_id, segment_id).kind != "company":
        raise NotFound("This segment is one of customers.")
    found = queries.list_members(org_id, segment_id, page=query.page, per_page=query.per_page)
    _people, companies = _apart(found.rows)
    return SegmentCompaniesOut(
        companies=[show_company(one) for one in companies],
        pagination=pagination(query, found.total),
    )


def _apart(
    rows: Sequence[CustomerRow] | Sequence[CompanyRow],
) -> tuple[list[CustomerRow], list[CompanyRow]]:
    people = [one for one in rows if isinstance(one, CustomerRow)]
    return people, [one for one in rows if isinstance(one, CompanyRow)]


def _show(segment: Segment) -> SegmentOut:
    return SegmentOut(
        id=segment.pk,
        kind="company" if segment.kind == "company" else "customer",
        name=segment.name,
        rule=segment.rule,
        size=segment.size,
        filled=segment.is_filled,
        time_dependent=segment.is_time_dependent,
        created_at=segment.created_at,
        updated_at=segment.updated_at,
    )


def _show_field(field: SegmentField) -> FieldOut:
    return FieldOut(
        field=field.key,
        type=field.type,
        name=field.words,
        group=field.group,
        operators=list(field.operators),
        choices=[value for value, _words in field.choices],
        span=field.span,
    )
