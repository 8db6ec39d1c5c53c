"""Tags of the frame around every page."""

from typing import Any

from django import template
from django.template import Context

from pulsescore.alerts.queries import unread_count
from pulsescore.pipeline.changes import Mark
from pulsescore.web.shell.banner import banner_context

register = template.Library()


@register.inclusion_tag("shell/banner.html", takes_context=True)
def sync_banner(context: Context) -> dict[str, Any]:
    """The sync banner as it stands when the page is made; htmx keeps it current."""
    request = context["request"]
    shown = banner_context(request, now=context["now"])
    return {**shown, "csrf_token": context.get("csrf_token"), "request": request}


@register.inclusion_tag("notifications/mark.html", takes_context=True)
def unread_mark(context: Context) -> dict[str, int]:
    """How many notifications the reader has not read; htmx keeps it current."""
    request = context["request"]
    mark: Mark | None = getattr(request, "mark", None)
    if mark is not None:
        return {"unread": mark.seen.unread}
    return {"unread": unread_count(request.actor.org_id, request.user.pk)}
