"""The list of customers, and what a person does to one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from pulsescore.connectors.intercom import queries as intercom
from pulsescore.core.clock import utcnow
from pulsescore.pipeline import run
from pulsescore.scoring import queries as scoring
from pulsescore.store import queries as store
from pulsescore.web.customers.narrowing import Narrowing
from pulsescore.web.pages import PageRequest, member_page, partial
from pulsescore.web.paging import Paging

PER_PAGE = 25


@member_page()
def customers(request: PageRequest) -> HttpResponse:
    """Search, filter and sort; all of it stands in the address."""
    org_id = request.actor.org_id
    narrowing = Narrowing.read(request.GET)
    found = scoring.list_customers(
        org_id,
        filters=narrowing.filters,
        sort=narrowing.sort,
        order=narrowing.order,
        page=narrowing.page,
        per_page=PER_PAGE,
        now=utcnow(),
    )
    context = {
        "narrowing": narrowing,
        "rows": found.customers,
        "paging": Paging(narrowing.page, PER_PAGE, found.total),
        "company": _company_name(org_id, narrowing.filters.company),
        "tags": [] if request.htmx else _tag_names(org_id),
    }
    return partial(request, "customers/customers.html", "customers/results.html", context)


@member_page("POST")
def recalculate(request: PageRequest, customer_id: int) -> HttpResponse:
    """Score one customer again right now."""
    run.recalculate(request.actor, customer_id=customer_id, now=utcnow())
    messages.success(request, "The score was calculated again, just now.")
    return redirect("customer", customer_id)


def _company_name(org_id: int, company_id: int | None) -> str:
    if company_id is None:
        return ""
    return store.get_company(org_id, company_id).name or "this company"


def _tag_names(org_id: int) -> list[str]:
    """The tags of the connected workspaces, to choose from."""
    connections = intercom.list_connections(org_id)
    return sorted({tag.name for one in connections for tag in intercom.list_directory(one, "tag")})
