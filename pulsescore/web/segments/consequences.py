"""What goes with a segment when it is deleted, for the page that asks."""

from typing import Any
from urllib.parse import parse_qs

from pulsescore.accounts import saved_views
from pulsescore.accounts.access import Actor
from pulsescore.segments.models import Segment


def consequences(actor: Actor, segment: Segment) -> dict[str, Any]:
    """Its members, and the views that are narrowed to it."""
    wanted = str(segment.pk)
    views = [
        one.name
        for one in saved_views.list_views(actor)
        if wanted in parse_qs(one.query).get("segment", [])
    ]
    return {"members": segment.size, "views": views, "rules": [], "senders": []}
