"""The list of segments, one of them with its members, and deleting."""

from typing import NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from pulsescore.accounts.models import Role
from pulsescore.core.clock import utcnow
from pulsescore.pipeline import segmenting
from pulsescore.segments import queries
from pulsescore.segments.fields import Kind
from pulsescore.segments.models import Segment
from pulsescore.web.forms import whole_number
from pulsescore.web.pages import PageRequest, member_page, partial
from pulsescore.web.paging import Paging
from pulsescore.web.segments.consequences import consequences
from pulsescore.web.segments.members import member_line
from pulsescore.web.segments.offers import words_of

PER_PAGE = 25


class Line(NamedTuple):
    """A segment in the list, and where its number leads."""

    segment: Segment
    words: str
    href: str


@member_page()
def segments(request: PageRequest) -> HttpResponse:
    """Every segment, what it asks, and how many are in it."""
    found = queries.list_segments(request.actor.org_id)
    context = {
        "lines": [Line(one, words_of(_kind(one), one.rule), _door(one)) for one in found],
        "may_edit": request.actor.allows(Role.ADMIN),
    }
    return partial(request, "segments/segments.html", "segments/list.html", context)


@member_page()
def segment(request: PageRequest, segment_id: int) -> HttpResponse:
    """What a segment asks, and who is in it."""
    org_id = request.actor.org_id
    found = queries.get_segment(org_id, segment_id)
    number = whole_number(request.GET.get("page", ""), 1)
    shown = queries.list_members(org_id, segment_id, page=number, per_page=PER_PAGE, now=utcnow())
    context = {
        "segment": found,
        "words": words_of(_kind(found), found.rule),
        "rows": [member_line(row, shown.entered.get(row.id)) for row in shown.rows],
        "page": Paging(page=number, per_page=PER_PAGE, total=shown.total),
        "may_edit": request.actor.allows(Role.ADMIN),
    }
    return partial(request, "segments/segment.html", "segments/members.html", context)


@member_page("GET", "POST", role=Role.ADMIN)
def delete(request: PageRequest, segment_id: int) -> HttpResponse:
    """Say what goes with it, and delete it."""
    found = queries.get_segment(request.actor.org_id, segment_id)
    if request.method != "POST":
        context = {"segment": found, **consequences(request.actor, found)}
        return render(request, "segments/delete.html", context)
    segmenting.delete_segment(request.actor, segment_id, now=utcnow())
    messages.success(request, f"“{found.name}” is deleted.")
    return redirect("segments")


def _kind(found: Segment) -> Kind:
    return "company" if found.kind == "company" else "customer"


def _door(found: Segment) -> str:
    if found.kind == "company":
        return reverse("segment", args=[found.pk])
    return f"{reverse('customers')}?segment={found.pk}"
