"""Customers: the list, one of them, and computing a score right now."""

from typing import Annotated, Any, Literal

from ninja import Query, Router, Status
from pydantic import Field, field_validator

from pulsescore.api.areas.customer_shapes import (
    CustomerDetailOut,
    CustomersOut,
    show_company,
    show_customers,
)
from pulsescore.api.areas.score_shapes import HealthOut, show_health
from pulsescore.api.callers import MemberRequest, admin, member
from pulsescore.api.paging import Order, PageQuery, pagination
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import NotFound
from pulsescore.pipeline import exporting
from pulsescore.pipeline import run as pipeline
from pulsescore.scoring import queries as scores
from pulsescore.segments.queries import segments_of
from pulsescore.store import queries as store

router = Router(tags=["Customers"], auth=member)
_MAX_ID = 2**63 - 1
RISKS = ("green", "yellow", "red", "none")


class CustomerQuery(PageQuery):
    """Filters, sort and page; those without a value to sort by come last in either order."""

    risk: Annotated[
        list[Literal["green", "yellow", "red", "none"]],
        Field(max_length=4, description="Several may be given: `risk=red&risk=yellow`."),
    ] = []
    search: Annotated[
        str | None,
        Field(
            description="Names, addresses and their parts; each word must be found. Beyond "
            f"{scores.SMALL:,} customers it must begin a word."
        ),
    ] = None
    tag: str | None = None
    company: Annotated[int | None, Field(ge=1, le=_MAX_ID, description="A company's id.")] = None
    segment: Annotated[int | None, Field(ge=1, le=_MAX_ID, description="A segment's id.")] = None
    source: str | None = None
    role: Literal["user", "lead"] | None = None
    deleted: bool = False
    owner: Annotated[
        str | None, Field(description="The owner's admin id in Intercom, or `none`.")
    ] = None
    became: Annotated[
        Literal["green", "yellow", "red"] | None,
        Field(description="Whose score moved into this level within seven days."),
    ] = None
    score_from: Annotated[int | None, Field(ge=0, le=100)] = None
    score_to: Annotated[int | None, Field(ge=0, le=100)] = None
    unseen_days: Annotated[
        int | None, Field(ge=1, le=3650, description="Not seen for so many days, or ever.")
    ] = None
    reason: Annotated[
        Literal["no_conversation", "no_weight", "not_calculated"] | None,
        Field(description="Only those who have no score for this reason."),
    ] = None
    overridden: Annotated[
        bool, Field(description="Only those whose score a member has set by hand.")
    ] = False
    sort: Literal["name", "score", "last_seen_at", "created_at"] = "name"
    order: Order = "asc"

    @field_validator("risk", mode="before")
    @classmethod
    def name_the_levels(cls, told: object) -> object:
        """A wrong level is a fault of `risk`, whichever of several it was."""
        levels = told if isinstance(told, list) else [told]
        if not set(map(str, levels)) <= set(RISKS):
            raise ValueError(f"must be of {', '.join(RISKS)}")
        return levels

    def filters(self) -> scores.CustomerFilters:
        """The part that narrows the list."""
        return scores.CustomerFilters(
            risk=tuple(self.risk) or None,
            search=self.search or None,
            tag=self.tag or None,
            company=self.company,
            segment=self.segment,
            source=self.source or None,
            role=self.role,
            deleted=self.deleted,
            owner=self.owner or None,
            became=self.became,
            score_from=self.score_from,
            score_to=self.score_to,
            unseen_days=self.unseen_days,
            overridden=self.overridden,
            reason=self.reason,
        )


@router.get("", response=CustomersOut)
def list_customers(
    request: MemberRequest, query: Annotated[CustomerQuery, Query()]
) -> CustomersOut:
    """Customers with their scores."""
    found = scores.list_customers(
        request.auth.org_id,
        filters=query.filters(),
        sort=query.sort,
        order=query.order,
        page=query.page,
        per_page=query.per_page,
        now=utcnow(),
    )
    shown = show_customers(request.auth.org_id, found.customers)
    return CustomersOut(customers=shown, pagination=pagination(query, found.total))


@router.get("/{id:customer_id}", response=CustomerDetailOut)
def get_customer(request: MemberRequest, customer_id: int) -> CustomerDetailOut:
    """One customer with score, open conversations, segments and companies."""
    org_id = request.auth.org_id
    rows = scores.get_rows(org_id, [customer_id])
    if not rows:
        raise NotFound("There is no such customer in this organization.")
    (shown,) = show_customers(org_id, rows)
    return CustomerDetailOut(
        customer=shown,
        health_score=show_health(scores.get_health(org_id, customer_id)),
        open_conversations=store.count_open_conversations(org_id, customer_id),
        segments=[one.name for one in segments_of(org_id, customer_id)],
        companies=[show_company(one) for one in scores.list_companies_of(org_id, customer_id)],
    )


@router.delete("/{id:customer_id}", response={204: None}, auth=admin)
def erase_customer(request: MemberRequest, customer_id: int) -> Status[None]:
    """Erase a person everywhere, for good: what is stored, scores, raw webhooks."""
    pipeline.erase_customer(request.auth, customer_id=customer_id, now=utcnow())
    return Status(204, None)


@router.get("/{id:customer_id}/export", response=dict[str, Any], auth=admin)
def export_customer(request: MemberRequest, customer_id: int) -> dict[str, Any]:
    """Everything that is kept about one person, raw webhooks included, for them to have."""
    return exporting.export_customer(request.auth, customer_id=customer_id, now=utcnow())


@router.post("/{id:customer_id}/recalculate", response=HealthOut)
def recalculate(request: MemberRequest, customer_id: int) -> HealthOut:
    """Compute the score right now from what is stored."""
    pipeline.recalculate(request.auth, customer_id=customer_id, now=utcnow())
    return show_health(scores.get_health(request.auth.org_id, customer_id))
