"""The list of customers: search, filters, order and page stand in the address."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.contrib import messages
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from pulsescore.accounts import saved_views
from pulsescore.connectors.intercom.names import names_of
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Invalid, NotFound
from pulsescore.pipeline import run
from pulsescore.scoring import queries as scoring
from pulsescore.scoring.wording import REASONS
from pulsescore.segments.queries import list_segments
from pulsescore.store import customer_facts
from pulsescore.store import queries as store
from pulsescore.web.customers import preferences
from pulsescore.web.customers.chips import chips
from pulsescore.web.customers.columns import DENSITIES, Column, Layout, choose, offered
from pulsescore.web.customers.listing import read_listing
from pulsescore.web.customers.narrowing import (
    DEFAULT_SORT,
    MAX_PAGE,
    RISKS,
    SCORED,
    SORTS,
    UNSEEN_DAYS,
    Narrowing,
    only_search_differs,
)
from pulsescore.web.customers.rows import table_rows
from pulsescore.web.forms import sentence_of
from pulsescore.web.pages import PageRequest, member_page

LIVE = "live-list"
WHOLE_LIST = "customers"
COUNT_PATIENCE_MS = 3_000
COMPANIES_OFFERED = 20


@member_page()
def customers(request: PageRequest) -> HttpResponse:
    """Search, filter and sort; all of it stands in the address, or in the person's own view."""
    begins_with = None if request.GET or request.htmx else saved_views.get_default(request.actor)
    if begins_with and begins_with.query:
        return redirect(_beginning(request.actor.org_id, begins_with.query))
    narrowing, trouble = _asked(request, request.GET)
    response = _show(request, narrowing, trouble=trouble)
    _remember(request, response, narrowing)
    return response


@member_page("POST")
def columns(request: PageRequest) -> HttpResponse:
    """Choose the columns and how dense the rows are; kept for this person."""
    density = request.POST.get("density", "")
    layout = Layout(
        choose(request.POST.getlist("column")), density if density in DENSITIES else DENSITIES[0]
    )
    preferences.keep_layout(request.actor, layout)
    here = urlsplit(request.htmx.current_url or "").query or request.POST.get("next", "")
    narrowing, trouble = _asked(request, QueryDict(here))
    if request.htmx:
        return _show(request, narrowing, trouble=trouble)
    return redirect(f"{reverse('customers')}?{narrowing.query}")


@member_page()
def count(request: PageRequest) -> HttpResponse:
    """How many match, all counted; asked for after the rows, and given up after a while."""
    narrowing, _trouble = _asked(request, request.GET)
    total = None
    with suppress(OperationalError), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {COUNT_PATIENCE_MS}")
        total = scoring.count_customers(
            request.actor.org_id, filters=narrowing.filters, now=utcnow()
        )
    return render(request, "customers/count.html", {"total": total})


@member_page()
def companies(request: PageRequest) -> HttpResponse:
    """Companies to choose from, as their name is typed."""
    text = request.GET.get("company_name", "").replace("\0", "").strip()
    found = customer_facts.companies_beginning(request.actor.org_id, text, limit=COMPANIES_OFFERED)
    return render(request, "customers/company_options.html", {"companies": found})


@member_page("POST")
def recalculate(request: PageRequest, customer_id: int) -> HttpResponse:
    """Score one customer again right now."""
    run.recalculate(request.actor, customer_id=customer_id, now=utcnow())
    messages.success(request, "The score was calculated again, just now.")
    return redirect("customer", customer_id)


def _asked(request: PageRequest, query: QueryDict) -> tuple[Narrowing, str]:
    """What an address asks for, and what is wrong with it; a company may be given by name."""
    narrowing = Narrowing.read(query)
    name = query.get("company_name", "").replace("\0", "").strip()
    if not name:
        return narrowing, ""
    try:
        company = customer_facts.company_named(request.actor.org_id, name)
    except Invalid as error:
        return narrowing, error.faults[0].message
    return replace(narrowing, filters=replace(narrowing.filters, company=company)), ""


def _show(request: PageRequest, narrowing: Narrowing, *, trouble: str = "") -> HttpResponse:
    org_id, now = request.actor.org_id, utcnow()
    names = names_of(org_id, "admin", "tag")
    layout = preferences.get_layout(request.actor)
    company = _company_name(org_id, narrowing.filters.company)
    segments = {one.pk: one.name for one in list_segments(org_id, kind="customer")}
    try:
        listing = read_listing(org_id, narrowing, layout, owners=names["admin"], now=now)
    except Invalid as error:
        trouble = sentence_of(error)
        narrowing = replace(narrowing, sort=DEFAULT_SORT, order=SORTS[DEFAULT_SORT])
        listing = read_listing(org_id, narrowing, layout, owners=names["admin"], now=now)
    part = _part(request)
    context = {
        "narrowing": narrowing,
        "listing": listing,
        "rows": table_rows(listing.rows, layout.columns, now=now),
        "layout": layout,
        "heads": [_head(column, narrowing) for column in layout.columns],
        "chips": chips(narrowing, owners=names["admin"], segments=segments, company=company),
        "company": company,
        "trouble": trouble,
        "is_live": request.htmx.trigger == LIVE,
        "is_part": part == "results",
        "is_last_page": narrowing.page == MAX_PAGE,
        "segments": segments,
    }
    if part != "results":
        context["views"] = saved_views.list_views(request.actor)
        context |= _choices(org_id, layout, names["admin"], names["tag"], now)
    response = render(request, f"customers/{part}.html", context)
    response["Vary"] = "HX-Request, HX-Target, Cookie"
    return response


def _part(request: PageRequest) -> str:
    """The whole page, the list with its form, or the rows alone."""
    if not request.htmx or request.htmx.boosted or request.htmx.history_restore_request:
        return "customers"
    return "list" if request.htmx.target == WHOLE_LIST else "results"


def _choices(
    org_id: int, layout: Layout, owners: dict[str, str], tags: dict[str, str], now: datetime
) -> dict[str, Any]:
    """What the form above the list offers."""
    return {
        "levels": RISKS,
        "scored_levels": SCORED,
        "owners": owners,
        "tags": sorted(set(tags.values()), key=str.lower),
        "unseen_days": UNSEEN_DAYS,
        "reasons": REASONS,
        "offered": offered(customer_facts.attribute_names(org_id), layout),
        "densities": DENSITIES,
        "now": now,
    }


def _head(column: Column, narrowing: Narrowing) -> dict[str, Any]:
    is_sorted = bool(column.sort) and column.sort == narrowing.sort
    return {
        "column": column,
        "order": narrowing.order if is_sorted else "",
        "query": narrowing.sorted_by(column.sort) if column.sort else "",
    }


def _remember(request: PageRequest, response: HttpResponse, narrowing: Narrowing) -> None:
    """Put the address of what is shown into the browser: typing on replaces the last one."""
    if _part(request) == "customers" or request.htmx.trigger == LIVE:
        return
    before = urlsplit(request.htmx.current_url or "")
    after = f"{reverse('customers')}?{narrowing.query}".rstrip("?")
    if before.path == reverse("customers") and before.query == narrowing.query:
        return
    typing = only_search_differs(parse_qs(before.query), parse_qs(narrowing.query))
    response["HX-Replace-Url" if typing else "HX-Push-Url"] = after


def _beginning(org_id: int, query: str) -> str:
    """Where a default view leads; one whose company is gone leads to the list of views."""
    try:
        _company_name(org_id, Narrowing.read(QueryDict(query)).filters.company)
    except NotFound:
        return reverse("customers_views")
    return f"{reverse('customers')}?{query}"


def _company_name(org_id: int, company_id: int | None) -> str:
    if company_id is None:
        return ""
    return store.get_company(org_id, company_id).name or "this company"
