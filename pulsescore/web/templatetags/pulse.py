"""Filters and tags of the templates: words, icons, times and addresses."""

from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.http import QueryDict
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from lucide.templatetags.lucide import lucide

from pulsescore.core.clock import utcnow
from pulsescore.web import words

register = template.Library()
register.filter("level_words", words.level_in_words)
register.filter("reason_words", words.reason_in_words)
register.filter("company_reason", words.company_reason)
register.filter("initials", words.initials)

RISK_ICONS = {"green": "circle", "yellow": "triangle", "red": "diamond", "none": "minus"}


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, size: int = 16, css: str = "") -> SafeString:
    """An icon of the set, hidden from assistive technology: a word always stands beside it."""
    svg = lucide(name, size=size, class_=css, aria_hidden="true").replace("class-=", "class=")
    # The icon comes from the installed set and the attributes from our templates.
    return mark_safe(svg)  # noqa: S308


@register.filter
def risk_icon(level: str | None) -> SafeString:
    """The shape of a risk level, so that colour is never alone."""
    return icon(RISK_ICONS.get(level or "none", "minus"), 10)


@register.simple_tag
def no_score(reason: str | None, *, in_words: bool = False) -> SafeString:
    """The badge of who has no score: why stands on it and, where there is room, beneath it."""
    badge = format_html(
        '<span class="score score-none" title="{why}">N/A<span class="visually-hidden">: {why}'
        "</span></span>",
        why=words.reason_in_words(reason),
    )
    if not in_words:
        return badge
    beneath = '{}<span class="muted small cell-reason" aria-hidden="true">{}</span>'
    return format_html(beneath, badge, words.reason_in_brief(reason))


@register.simple_tag(takes_context=True)
def when(context: Context, at: datetime | None, empty: str = "never") -> str:
    """A relative time with the absolute one, in the reader's zone, on hover."""
    return moment(at, context.get("now") or utcnow(), empty)


def moment(at: datetime | None, now: datetime, empty: str = "never") -> str:
    """The same for markup that no template draws."""
    if at is None:
        return empty
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(),
        absolute(at),
        words.ago(at, now),
    )


@register.filter
def absolute(at: datetime | None) -> str:
    """Date and time in the reader's zone: "Tue 3 Mar 2026, 14:05 CET"."""
    if at is None:
        return ""
    local = localtime(at)
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M %Z}"


@register.filter
def day(at: datetime | None) -> str:
    """A date in the reader's zone: "3 Mar 2026"."""
    if at is None:
        return ""
    local = localtime(at)
    return f"{local.day} {local:%b %Y}"


@register.filter
def span(secs: float | None) -> str:
    """A duration in words, or a dash."""
    return "–" if secs is None else words.duration(secs)


@register.filter
def number(value: float | None) -> str:
    """A whole number with thousands separators, or a dash."""
    return "–" if value is None else f"{value:,.0f}"


@register.filter
def decimal(value: float | None) -> str:
    """A number with one decimal, or a dash."""
    return "–" if value is None else f"{value:,.1f}"


@register.filter
def percent(part: float, whole: float) -> str:
    """A share in whole per cent; a little is never nothing."""
    if not whole:
        return "0 %"
    share = 100 * part / whole
    return "<1 %" if 0 < share < 1 else f"{share:.0f} %"


@register.filter
def count(value: int, noun: str) -> str:
    """A count with its noun: `{{ n|count:"customer" }}`, `{{ n|count:"company,companies" }}`."""
    one, _, many = noun.partition(",")
    return words.plural(value or 0, one, many)


@register.filter
def magnitude(value: float) -> float:
    """The value without its sign, for use beside an arrow or a word."""
    return abs(value)


@register.filter
def change_words(by: float) -> SafeString:
    """A difference with an arrow, and its direction in a word for who does not see arrows."""
    return format_html(
        '{}<span class="visually-hidden">{} </span>{}',
        icon("arrow-up" if by > 0 else "arrow-down", 13),
        "up" if by > 0 else "down",
        number(abs(by)),
    )


@register.filter
def item(mapping: dict[str, object], key: str) -> object:
    """The value of a key, or nothing."""
    return mapping.get(key, "")


@register.filter
def web_url(address: str | None) -> str:
    """The address if it is one of the web, else nothing: no `javascript:` ever becomes a link."""
    parts = urlsplit(address or "")
    return address or "" if parts.scheme in {"http", "https"} and parts.netloc else ""


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: object) -> str:
    """This page's query string with some parameters changed; an empty value removes one."""
    parameters: QueryDict = context["request"].GET.copy()
    for name, value in changes.items():
        parameters.pop(name, None)
        if value not in (None, ""):
            parameters[name] = str(value)
    return "?" + parameters.urlencode()


@register.filter
def until(start: datetime, end: datetime) -> str:
    """The span between two instants in words."""
    return words.duration((end - start).total_seconds())


@register.filter
def held_words(reason: str) -> str:
    """Why a record may not enter yet."""
    return words.HELD.get(reason, reason.replace("_", " "))


@register.filter
def greeting(now: datetime) -> str:
    """A greeting for the reader's time of day."""
    return words.greeting(localtime(now).hour)


@register.filter
def hundredfold(share: float) -> float:
    """A share as a number of a hundred."""
    return round(100 * share, 1)


@register.filter
def plus(value: float, other: float) -> float:
    """The sum."""
    return value + other


@register.filter
def minus(value: int, other: int) -> int:
    """The difference."""
    return value - other


@register.filter
def signed(points: float) -> str:
    """Points with a sign, in whole points where that says anything."""
    text = f"{abs(points):.0f}" if abs(points) >= 1 else f"{abs(points):.1f}"
    return f"{'+' if points > 0 else '−'}{text}"


@register.filter
def event_icon(name: str) -> str:
    """The icon of a timeline entry."""
    return words.event_icon(name)


@register.filter
def conversation_state(row: Any, now: datetime) -> str:
    """How a conversation stands, in words."""
    return words.conversation_state(
        status=row.status,
        waiting_since=row.waiting_since,
        snoozed_until=row.snoozed_until,
        closed_at=row.closed_at,
        now=now,
    )


@register.filter
def event_words(event: str) -> str:
    """What a delivery is about, in words."""
    return words.DELIVERIES.get(event, event.replace("_", " ").replace(".", " "))
