"""The living style page: all tokens and components in all states, light and dark side by side."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pulsescore.web.style.samples import sample_values
from pulsescore.web.style.tokens import read_tokens

PARTS = (
    ("colours", "Colours"),
    ("type", "Type"),
    ("space", "Space and shape"),
    ("icons", "Icons"),
    ("buttons", "Buttons"),
    ("fields", "Fields"),
    ("choices", "Choices"),
    ("badges", "Badges and scores"),
    ("chips", "Chips"),
    ("cards", "Cards and figures"),
    ("tables", "Tables"),
    ("tabs", "Tabs"),
    ("overlays", "Menus and dialogs"),
    ("notices", "Banners and notices"),
    ("progress", "Progress"),
    ("empty", "Empty states"),
    ("line", "Line chart"),
    ("area", "Stacked area"),
    ("donut", "Donut"),
    ("histogram", "Histogram"),
    ("before_after", "Before and after"),
    ("rates", "Shares"),
    ("bars", "Bars"),
    ("sparkline", "Sparkline"),
)


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """Show everything there is to build pages from; only where DEBUG is on."""
    if not settings.DEBUG:
        raise Http404
    context = {
        "parts": [(key, name, f"style/parts/{key}.html") for key, name in PARTS],
        "sides": ("light", "dark"),
        "tokens": read_tokens(),
        "samples": sample_values(),
    }
    return render(request, "style/style.html", context)
