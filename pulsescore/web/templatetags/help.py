"""Tags that lead from a message to its section of the guide."""

from django import template
from django.utils.html import format_html

from pulsescore.web.help import topics
from pulsescore.web.templatetags.pulse import icon

register = template.Library()


@register.simple_tag
def help_link(topic: str, text: str = "What to do") -> str:
    """A link to the section about a topic: `{% help_link "connect.oauth" "How to connect" %}`."""
    return format_html(
        '<a class="help-link" href="{}">{}{}</a>',
        topics.help_url(topic),
        icon("book-open", 14),
        text,
    )


@register.simple_tag
def help_url(topic: str) -> str:
    """The address alone: `{% help_url "scoring.levels" as address %}`."""
    return topics.help_url(topic)
