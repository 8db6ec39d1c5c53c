"""The guide for everybody to read: inside the frame for members, plain for strangers."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pulsescore.web.help.guide import Guide, guide
from pulsescore.web.help.search import LONGEST_QUERY, find


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """All pages at a glance, or what a search of the guide finds."""
    book = _guide()
    query = request.GET.get("search", "").replace("\x00", "").strip()[:LONGEST_QUERY]
    if not query:
        return _show(request, "help/front.html", book)
    return _show(request, "help/found.html", book, query=query, hits=find(book.pages, query))


@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    """One page of the guide."""
    book = _guide()
    shown = book.page(name)
    if shown is None:
        raise Http404
    before, after = book.neighbours(shown)
    return _show(request, "help/page.html", book, page=shown, before=before, after=after)


def _guide() -> Guide:
    return guide(settings.PUBLIC_URL)


def _show(request: HttpRequest, template: str, book: Guide, **context: object) -> HttpResponse:
    member = getattr(request, "actor", None) is not None
    frame = "base.html" if member else "help/open.html"
    return render(request, template, {"frame": frame, "guide": book, **context})
