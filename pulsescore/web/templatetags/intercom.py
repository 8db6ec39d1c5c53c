"""Filters of the pages about an Intercom connection."""

from django import template

from pulsescore.connectors.intercom.models import InboxState
from pulsescore.web.integrations import phases, wording
from pulsescore.web.words import plural

register = template.Library()
register.filter("run_trigger", phases.trigger_in_words)
register.filter("setting_words", wording.settings_in_words)
register.filter("held_kind", wording.kind_in_words)


@register.filter
def held_count(count: int, kind: str) -> str:
    """How many of a kind: "12 contacts", "1 company"."""
    return plural(count, *wording.KIND_NOUNS.get(kind, ("record", "records")))


@register.filter
def delivery_state_words(state: str) -> str:
    """A state of deliveries."""
    return InboxState(state).label if state in InboxState.values else state
