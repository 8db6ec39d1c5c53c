"""The list of first things, for pages that have room for it."""

from typing import Any

from django import template
from django.template import Context

from pulsescore.web.onboarding.getting_started import tasks_for

register = template.Library()


@register.inclusion_tag("onboarding/getting_started.html", takes_context=True)
def getting_started(context: Context) -> dict[str, Any]:
    """What is worth doing next; nothing once all is done or the person has put it away."""
    request = context["request"]
    tasks = tasks_for(request.actor, now=context["now"])
    left = [task for task in tasks if not task.done]
    return {
        "tasks": tasks if left else [],
        "csrf_token": context.get("csrf_token"),
        "request": request,
    }
