"""Views of the list that people named: kept, opened, renamed, shared, begun with, deleted."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from pulsescore.accounts import saved_views
from pulsescore.accounts.models import SavedView
from pulsescore.accounts.saved_views import ViewDraft
from pulsescore.connectors.intercom.names import names_of
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Invalid
from pulsescore.segments.queries import list_segments
from pulsescore.store.models import Company
from pulsescore.web.customers import preferences
from pulsescore.web.customers.chips import chips
from pulsescore.web.customers.columns import Layout, choose
from pulsescore.web.customers.narrowing import Narrowing
from pulsescore.web.forms import by_field, texts
from pulsescore.web.pages import PageRequest, member_page


class ViewLine(NamedTuple):
    """A view as its list shows it."""

    view: SavedView
    words: list[str]
    columns: list[str]
    is_default: bool
    may_change: bool


@member_page()
def saved(request: PageRequest) -> HttpResponse:
    """Every view that one may see."""
    default = saved_views.get_default(request.actor)
    views = saved_views.list_views(request.actor)
    told = _words(request.actor.org_id, [one.query for one in views])
    lines = [
        ViewLine(
            view,
            words,
            [column.title for column in Layout(choose(view.columns)).columns],
            is_default=default is not None and default.pk == view.pk,
            may_change=saved_views.may_change(request.actor, view),
        )
        for view, words in zip(views, told, strict=True)
    ]
    return render(request, "customers/saved.html", {"lines": lines})


@member_page("GET", "POST")
def new(request: PageRequest) -> HttpResponse:
    """Keep what the list shows, under a name."""
    if request.method != "POST":
        query = Narrowing.read(request.GET).whole
        return _form(request, values={"name": "", "shared": "", "default": ""}, query=query)
    query = Narrowing.read(QueryDict(request.POST.get("query", ""))).whole
    values = texts(request, "name", "shared", "default")
    layout = preferences.get_layout(request.actor)
    draft = ViewDraft(
        name=values["name"],
        query=query,
        columns=layout.keys,
        shared=bool(values["shared"]),
    )
    try:
        view = saved_views.save_view(request.actor, draft=draft, now=utcnow())
    except Invalid as error:
        return _form(request, values=values, query=query, faults=by_field(error), status=422)
    if values["default"]:
        saved_views.set_default(request.actor, view_id=view.pk)
    messages.success(request, f"“{view.name}” is kept under Views.")
    return redirect(_address(query))


@member_page("POST")
def open_view(request: PageRequest, view_id: int) -> HttpResponse:
    """Show the list as a view has it; its columns become one's own."""
    view = saved_views.get_view(request.actor, view_id)
    if view.columns:
        kept = preferences.get_layout(request.actor)
        preferences.keep_layout(request.actor, Layout(choose(view.columns), kept.density))
    return redirect(_address(view.query))


@member_page("POST")
def change(request: PageRequest, view_id: int) -> HttpResponse:
    """Rename, share or keep to oneself."""
    view = saved_views.get_view(request.actor, view_id)
    given = texts(request, "name", "shared")
    draft = ViewDraft(
        name=given["name"], query=view.query, columns=view.columns, shared=bool(given["shared"])
    )
    try:
        saved_views.save_view(request.actor, draft=draft, view_id=view_id, now=utcnow())
    except Invalid as error:
        messages.error(request, f"Not renamed. {next(iter(by_field(error).values()))}")
    else:
        messages.success(request, "Saved.")
    return redirect("customers_views")


@member_page("POST")
def default(request: PageRequest, view_id: int) -> HttpResponse:
    """Begin with this view, or with everybody again."""
    wanted = view_id if request.POST.get("default") == "1" else None
    saved_views.set_default(request.actor, view_id=wanted)
    messages.success(
        request,
        "Your list begins with this view." if wanted else "Your list begins with everybody.",
    )
    return redirect("customers_views")


@member_page("POST")
def delete(request: PageRequest, view_id: int) -> HttpResponse:
    """Delete a view, for everybody."""
    saved_views.delete_view(request.actor, view_id=view_id)
    messages.success(request, "The view is deleted.")
    return redirect("customers_views")


def _form(
    request: PageRequest,
    *,
    values: dict[str, str],
    query: str,
    faults: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "values": values,
        "faults": faults or {},
        "query": query,
        "words": _words(request.actor.org_id, [query])[0],
        "columns": [one.title for one in preferences.get_layout(request.actor).columns],
        "back": _address(query),
    }
    return render(request, "customers/saved_form.html", context, status=status)


def _words(org_id: int, queries: Sequence[str]) -> list[list[str]]:
    """The filters of each query in words, as the chips above the list say them."""
    wished = [Narrowing.read(QueryDict(one)) for one in queries]
    ids = [one.filters.company for one in wished if one.filters.company]
    rows = Company.objects.for_org(org_id).filter(pk__in=ids)
    companies = dict(rows.values_list("pk", "name")) if ids else {}
    owners = names_of(org_id, "admin")["admin"]
    segments = {one.pk: one.name for one in list_segments(org_id, kind="customer")}
    return [
        [
            chip.words
            for chip in chips(
                one,
                owners=owners,
                segments=segments,
                company=companies.get(one.filters.company or 0) or "a company",
            )
        ]
        for one in wished
    ]


def _address(query: str) -> str:
    """The list's address; one without any filter says its order, so that no default steps in."""
    return f"{reverse('customers')}?{query or urlencode({'sort': 'score'})}"
