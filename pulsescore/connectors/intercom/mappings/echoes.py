"""Pure: through which fields the names of segments that are sent to Intercom come back to rules."""

from collections.abc import Sequence
from typing import Final

from pulsescore.connectors.intercom.mappings.fields import CUSTOM, MappedKind, Row
from pulsescore.connectors.intercom.mappings.incoming import IncomingRow

_SEGMENTS: Final = "segments"
_RENAMED: Final = {"external_id": "external_user_id"}


def fields_of_segments(
    kind: MappedKind, outgoing: Sequence[Row], incoming: Sequence[IncomingRow]
) -> frozenset[str]:
    """Fields of rules that follow who is in which segment, by way of both tables.

    A row that only fills what is empty is written once, and follows nothing.
    """
    rows = [row for row in outgoing if row.object == kind and row.overwrite]
    ours, theirs = {_SEGMENTS}, set[str]()
    while found := {row.intercom for row in rows if row.attribute in ours} - theirs:
        theirs |= found
        if kind == "contact":
            ours |= {row.attribute for row in incoming if row.intercom in theirs}
    fields = {f"attributes.{name}" for name in ours - {_SEGMENTS}}
    for name in theirs:
        if name.startswith(CUSTOM):
            fields.add(f"metadata.{name.removeprefix(CUSTOM)}")
        else:
            fields |= {_RENAMED.get(name, name), f"attributes.intercom/{name}"}
    return frozenset(fields)
