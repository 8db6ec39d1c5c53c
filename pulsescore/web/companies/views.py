"""The list of companies, and one with its people."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from pulsescore.connectors.intercom import queries as intercom
from pulsescore.connectors.intercom.names import names_of
from pulsescore.core.clock import utcnow
from pulsescore.scoring import queries as scoring
from pulsescore.scoring.queries import CompanyRow, CustomerRow
from pulsescore.store import queries as store
from pulsescore.web.charts import DayValue, Thresholds, line_chart
from pulsescore.web.companies.narrowing import (
    MEMBER_SORTS,
    CompanyNarrowing,
    text_of,
)
from pulsescore.web.companies.talks import waiting_talks
from pulsescore.web.customers.attributes import group
from pulsescore.web.forms import whole_number
from pulsescore.web.pages import PageRequest, member_page, partial
from pulsescore.web.paging import Paging

PER_PAGE = 25
TALKS_SHOWN, MOST_TALKS = 5, 200
SPANS = (30, 90)
KNOWN_HEADER = "Pulse-Known"
# Parts of the page by the element that they replace.
PARTS = {"now": "now", "member-rows": "members"}


@member_page()
def companies(request: PageRequest) -> HttpResponse:
    """Search, filter and sort; all of it stands in the address."""
    org_id = request.actor.org_id
    narrowing = CompanyNarrowing.read(request.GET)
    found = scoring.list_companies(
        org_id,
        filters=narrowing.filters,
        sort=narrowing.sort,
        order=narrowing.order,
        page=narrowing.page,
        per_page=PER_PAGE,
    )
    plans, tags = ([], []) if request.htmx else scoring.company_choices(org_id)
    context = {
        "narrowing": narrowing,
        "companies": found.companies,
        "paging": Paging(narrowing.page, PER_PAGE, found.total),
        "plans": plans,
        "tags": tags,
    }
    return partial(request, "companies/companies.html", "companies/results.html", context)


@member_page()
def company(request: PageRequest, company_id: int) -> HttpResponse:
    """One company: score, people, what is open, how it went; or a part of that."""
    row = scoring.get_company(request.actor.org_id, company_id)
    part = _part_asked_for(request)
    context: dict[str, Any] = {"company": row}
    if part != "members":
        context |= _now(request, row)
    if part != "now":
        context |= _members(request, row)
    if part and request.headers.get(KNOWN_HEADER) == context[f"{part}_mark"]:
        return HttpResponse(status=204)
    if not part:
        context["attributes"] = group("Attributes", row.metadata)
    template = f"companies/{part}.html" if part else "companies/company.html"
    response = render(request, template, context)
    response["Vary"] = "HX-Request, HX-Target, Cookie"
    return response


def _part_asked_for(request: PageRequest) -> str:
    if not request.htmx or request.htmx.history_restore_request:
        return ""
    return PARTS.get(request.htmx.target or "", "")


def _now(request: PageRequest, row: CompanyRow) -> dict[str, Any]:
    org_id, now = request.actor.org_id, utcnow()
    days = whole_number(request.GET.get("days", ""), SPANS[-1])
    days = days if days in SPANS else SPANS[-1]
    levels = scoring.member_levels(org_id, row.id)
    found = store.list_company_conversations(org_id, row.id, status="open")
    most = MOST_TALKS if request.GET.get("talks") == "all" else TALKS_SHOWN
    talks = list(found[:most])
    open_count = found.count() if len(talks) == most else len(talks)
    newest = max((talk.updated_at.timestamp() for talk in talks), default=0)
    return {
        "levels": levels,
        "open_count": open_count,
        "all_talks": most == MOST_TALKS,
        "more_talks": open_count - len(talks),
        "talks": waiting_talks(
            talks,
            people=store.people_of(org_id, [talk.pk for talk in talks]) if talks else {},
            connections={one.source_id: one for one in intercom.list_connections(org_id)},
            names=names_of(org_id, "admin", "team") if talks else {},
        ),
        "days": days,
        "spans": SPANS,
        "chart": _chart(org_id, row.id, days=days, now=now),
        "trend_members": scoring.TREND_MEMBERS,
        "now_mark": f"{request.GET.urlencode()}/{row.calculated_at}/{levels}/{open_count}/{newest}",
    }


def _chart(org_id: int, company_id: int, *, days: int, now: datetime) -> Any:
    config, _version = scoring.get_config(org_id)
    trend = scoring.company_trend(org_id, company_id, days=days, now=now, config=config)
    return line_chart(
        [DayValue(day.on, day.score) for day in trend],
        name="Score",
        levels=Thresholds(config.yellow, config.green),
    )


def _members(request: PageRequest, row: CompanyRow) -> dict[str, Any]:
    sort = request.GET.get("sort", "")
    sort = sort if sort in MEMBER_SORTS else "score"
    order = request.GET.get("order", "")
    order = order if order in ("asc", "desc") else MEMBER_SORTS[sort]
    search = text_of(request.GET.get("search"))
    page = whole_number(request.GET.get("page", ""), 1, most=100_000)
    found = scoring.list_customers(
        request.actor.org_id,
        filters=scoring.CustomerFilters(company=row.id, search=search),
        sort=sort,
        order=order,
        page=page,
        per_page=PER_PAGE,
        now=utcnow(),
    )
    return {
        "rows": found.customers,
        "members_mark": _digest(request, found.customers),
        "sort": sort,
        "order": order,
        "search": search or "",
        "paging": Paging(page, PER_PAGE, found.total),
    }


def _digest(request: PageRequest, rows: Sequence[CustomerRow]) -> str:
    shown = [(row.id, row.score, row.change, row.last_seen_at) for row in rows]
    return blake2b(f"{request.GET.urlencode()}{shown}".encode(), digest_size=8).hexdigest()
