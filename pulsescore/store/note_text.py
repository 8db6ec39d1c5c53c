"""Pure: the text of a note as it may be stored."""

from typing import Final

from pulsescore.core.errors import FieldFault, Invalid

LONGEST_NOTE: Final = 10_000


def clean_note(body: str) -> str:
    """The text without what cannot be stored; raises `Invalid` for an empty or endless one."""
    text = body.replace("\0", "").strip()
    if not text:
        raise Invalid(FieldFault("body", "Write something."))
    if len(text) > LONGEST_NOTE:
        raise Invalid(FieldFault("body", f"Keep it under {LONGEST_NOTE:,} characters."))
    return text
