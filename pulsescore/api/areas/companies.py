"""Companies, their scores and their people."""

from datetime import date
from typing import Annotated, Literal

from ninja import Query, Router
from pydantic import BaseModel, Field

from pulsescore.api.areas.customer_shapes import (
    CompanyOut,
    ConversationsOut,
    CustomersOut,
    show_company,
    show_conversation,
    show_customers,
)
from pulsescore.api.callers import MemberRequest, member
from pulsescore.api.paging import Order, PageQuery, Pagination, cut, pagination
from pulsescore.connectors.intercom.desk import workspaces_of
from pulsescore.core.clock import utcnow
from pulsescore.scoring import queries as scores
from pulsescore.store import queries as store

router = Router(tags=["Companies"], auth=member)
_MOST_DAYS = 365


class CompanyQuery(PageQuery):
    """Filters, sort and page; those without a value to sort by come last in either order."""

    search: Annotated[str, Field(description="Part of a name or of your own id.")] = ""
    plan: str | None = None
    tag: str | None = None
    risk: Literal["green", "yellow", "red", "none"] | None = None
    sort: Literal["name", "score", "members", "monthly_spend", "last_request_at"] = "name"
    order: Order = "asc"


class MemberQuery(PageQuery):
    """Search, sort and page of a company's people."""

    search: str | None = None
    sort: Literal["name", "score", "last_seen_at", "created_at"] = "name"
    order: Order = "asc"


class TrendQuery(BaseModel):
    """How many days, today included."""

    days: Annotated[int, Field(ge=1, le=_MOST_DAYS)] = 90


class CompanyConversationQuery(PageQuery):
    """Which conversations."""

    status: Literal["open", "closed", "snoozed"] | None = None


class CompaniesOut(BaseModel):
    """A page of companies."""

    companies: list[CompanyOut]
    pagination: Pagination


class LevelsOut(BaseModel):
    """Members per level; `none` are those without a score."""

    green: int
    yellow: int
    red: int
    none: int


class CompanyDetailOut(CompanyOut):
    """A company with its members per level."""

    levels: LevelsOut


class CompanyDayOut(BaseModel):
    """A company's score at the end of a UTC day."""

    on: date
    score: int | None
    risk_level: str | None


class CompanyHistoryOut(BaseModel):
    """The present members' scores day by day, weighted as now, oldest first."""

    history: list[CompanyDayOut]


@router.get("", response=CompaniesOut)
def list_companies(request: MemberRequest, query: Annotated[CompanyQuery, Query()]) -> CompaniesOut:
    """Companies with the roll-up of their members' scores."""
    found = scores.list_companies(
        request.auth.org_id,
        filters=scores.CompanyFilters(
            search=query.search or None,
            plan=query.plan or None,
            tag=query.tag or None,
            risk=query.risk,
        ),
        sort=query.sort,
        order=query.order,
        page=query.page,
        per_page=query.per_page,
    )
    shown = [show_company(one) for one in found.companies]
    return CompaniesOut(companies=shown, pagination=pagination(query, found.total))


@router.get("/{id:company_id}", response=CompanyDetailOut)
def get_company(request: MemberRequest, company_id: int) -> CompanyDetailOut:
    """One company, with how its members stand."""
    org_id = request.auth.org_id
    shown = show_company(scores.get_company(org_id, company_id))
    levels = LevelsOut(**scores.member_levels(org_id, company_id))
    return CompanyDetailOut(**shown.model_dump(), levels=levels)


@router.get("/{id:company_id}/customers", response=CustomersOut)
def list_members(
    request: MemberRequest, company_id: int, query: Annotated[MemberQuery, Query()]
) -> CustomersOut:
    """The company's customers with their scores."""
    org_id = request.auth.org_id
    store.get_company(org_id, company_id)
    found = scores.list_customers(
        org_id,
        filters=scores.CustomerFilters(company=company_id, search=query.search or None),
        sort=query.sort,
        order=query.order,
        page=query.page,
        per_page=query.per_page,
    )
    shown = show_customers(request.auth.org_id, found.customers)
    return CustomersOut(customers=shown, pagination=pagination(query, found.total))


@router.get("/{id:company_id}/conversations", response=ConversationsOut)
def list_conversations(
    request: MemberRequest, company_id: int, query: Annotated[CompanyConversationQuery, Query()]
) -> ConversationsOut:
    """Conversations of the company's people, those that wait longest first."""
    org_id = request.auth.org_id
    store.get_company(org_id, company_id)
    found = store.list_company_conversations(org_id, company_id, status=query.status)
    rows, told = cut(found, query)
    people = store.people_of(org_id, [one.pk for one in rows])
    workspaces = workspaces_of(org_id, {one.source_id for one in rows})
    shown = [
        show_conversation(one, people=people.get(one.pk, []), workspaces=workspaces) for one in rows
    ]
    return ConversationsOut(conversations=shown, pagination=told)


@router.get("/{id:company_id}/score-history", response=CompanyHistoryOut)
def get_score_history(
    request: MemberRequest, company_id: int, query: Annotated[TrendQuery, Query()]
) -> CompanyHistoryOut:
    """How the company's score went, day by day."""
    org_id = request.auth.org_id
    store.get_company(org_id, company_id)
    days = scores.company_trend(org_id, company_id, days=query.days, now=utcnow())
    return CompanyHistoryOut(
        history=[
            CompanyDayOut(on=day.on, score=day.score, risk_level=day.risk_level) for day in days
        ]
    )
