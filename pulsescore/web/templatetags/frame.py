"""Tags of the frame around every page."""

from typing import Any

from django import template
from django.template import Context

from pulsescore.web.shell.banner import banner_context

register = template.Library()


@register.inclusion_tag("shell/banner.html", takes_context=True)
def sync_banner(context: Context) -> dict[str, Any]:
    """The sync banner as it stands when the page is made; htmx keeps it current."""
    request = context["request"]
    shown = banner_context(request, now=context["now"])
    return {**shown, "csrf_token": context.get("csrf_token"), "request": request}
