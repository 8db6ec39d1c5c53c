"""Pure: the anchor of a heading, the same that GitHub and most Markdown viewers make."""

import re

_DROPPED = re.compile(r"[^\w\- ]")


def anchor_of(heading: str) -> str:
    """`"Intercom's plan"` becomes `intercoms-plan`."""
    return _DROPPED.sub("", heading.strip().lower()).replace(" ", "-")
