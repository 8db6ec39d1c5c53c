"""Companies and their people."""

from typing import Annotated

from ninja import Query, Router
from pydantic import BaseModel

from pulsescore.api.areas.customer_shapes import (
    CompanyOut,
    CustomersOut,
    show_company,
    show_customer,
)
from pulsescore.api.callers import MemberRequest, member
from pulsescore.api.paging import PageQuery, Pagination, cut
from pulsescore.scoring import queries as scores
from pulsescore.store import queries as store

router = Router(tags=["Companies"], auth=member)


class CompanyQuery(PageQuery):
    """Which companies."""

    search: str = ""


class CompaniesOut(BaseModel):
    """A page of companies by name."""

    companies: list[CompanyOut]
    pagination: Pagination


@router.get("", response=CompaniesOut)
def list_companies(request: MemberRequest, query: Annotated[CompanyQuery, Query()]) -> CompaniesOut:
    """Companies by name."""
    rows, told = cut(store.list_companies(request.auth.org_id, search=query.search), query)
    return CompaniesOut(companies=[show_company(one) for one in rows], pagination=told)


@router.get("/{id:company_id}", response=CompanyOut)
def get_company(request: MemberRequest, company_id: int) -> CompanyOut:
    """One company."""
    return show_company(store.get_company(request.auth.org_id, company_id))


@router.get("/{id:company_id}/customers", response=CustomersOut)
def list_members(
    request: MemberRequest, company_id: int, page: Annotated[PageQuery, Query()]
) -> CustomersOut:
    """The company's customers by name, with their scores."""
    org_id = request.auth.org_id
    store.get_company(org_id, company_id)
    members, told = cut(store.list_members(org_id, company_id), page)
    rows = scores.get_rows(org_id, [one.pk for one in members])
    return CustomersOut(customers=[show_customer(row) for row in rows], pagination=told)
