"""The list of companies, and one with its members."""

from django.http import HttpResponse
from django.shortcuts import render

from pulsescore.core.clock import utcnow
from pulsescore.scoring import queries as scoring
from pulsescore.store import queries as store
from pulsescore.web.forms import whole_number
from pulsescore.web.pages import PageRequest, member_page, partial
from pulsescore.web.paging import Paging

PER_PAGE = 25
MEMBERS_SHOWN = 100


@member_page()
def companies(request: PageRequest) -> HttpResponse:
    """Companies by name, with a search."""
    search = request.GET.get("search", "").strip()[:200]
    found = store.list_companies(request.actor.org_id, search=search)
    page = whole_number(request.GET.get("page", ""), 1, most=100_000)
    start = (page - 1) * PER_PAGE
    context = {
        "companies": found[start : start + PER_PAGE],
        "paging": Paging(page, PER_PAGE, found.count()),
        "search": search,
    }
    return partial(request, "companies/companies.html", "companies/results.html", context)


@member_page()
def company(request: PageRequest, company_id: int) -> HttpResponse:
    """One company and its members, the worst score first."""
    org_id = request.actor.org_id
    found = scoring.list_customers(
        org_id,
        filters=scoring.CustomerFilters(company=company_id),
        sort="score",
        order="asc",
        per_page=MEMBERS_SHOWN,
        now=utcnow(),
    )
    context = {
        "company": store.get_company(org_id, company_id),
        "rows": found.customers,
        "total": found.total,
    }
    return render(request, "companies/company.html", context)
