"""Pure: which attributes to write to Intercom, given ours, theirs and the outgoing table.

Each row is judged by itself, on the value that Intercom holds now. What null, empty text and false
mean is told in docs/two-way.md.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from msgspec import Struct

from pulsescore.connectors.intercom.mappings.conversion import Unfit, convert, is_empty, is_same
from pulsescore.connectors.intercom.mappings.fields import (
    Definition,
    Row,
    Target,
    Unwritable,
    target_of,
)
from pulsescore.connectors.intercom.mappings.theirs import Theirs

_STAYS: Final = "Intercom takes no empty value here, so the one it has stays."


class Cut(Struct, frozen=True, kw_only=True):
    """A text that was `length` characters long and is sent shortened."""

    attribute: str
    intercom: str
    length: int


class Refused(Struct, frozen=True, kw_only=True):
    """A value that is not sent, and why."""

    attribute: str
    intercom: str
    value: Any
    reason: str


class Desired(Struct, frozen=True, kw_only=True):
    """What to write and what was there, both by full name; what was cut; what is not sent."""

    writes: Mapping[str, Any]
    before: Mapping[str, Any]
    cut: tuple[Cut, ...] = ()
    refused: tuple[Refused, ...] = ()


def desired(
    ours: Mapping[str, Any],
    theirs: Theirs,
    rows: Iterable[Row],
    definitions: Mapping[str, Definition],
) -> Desired:
    """The differences that the rows ask to write.

    An attribute that `ours` does not name says nothing; one that is empty asks to empty Intercom's.
    Of several rows for one field the first counts. `definitions` are those of custom attributes by
    full name.
    """
    writes: dict[str, Any] = {}
    cuts: list[Cut] = []
    refused: list[Refused] = []
    taken: set[str] = set()
    for row in rows:
        if row.object != theirs.object or row.attribute not in ours or row.intercom in taken:
            continue
        taken.add(row.intercom)
        held = theirs.values.get(row.intercom)
        if _is_left_alone(row, theirs, held):
            continue
        value = ours[row.attribute]
        try:
            target = target_of(row.object, row.intercom, definitions)
            length = _judge(writes, row.intercom, value, held, target)
        except (Unfit, Unwritable) as fault:
            if not (is_empty(value) and is_empty(held)):
                refused.append(_refusal(row, value, str(fault)))
            continue
        if length is not None:
            cuts.append(Cut(attribute=row.attribute, intercom=row.intercom, length=length))
    return Desired(
        writes=writes,
        before={name: theirs.values.get(name) for name in writes},
        cut=tuple(cuts),
        refused=tuple(refused),
    )


def after(theirs: Theirs, writes: Mapping[str, Any]) -> Theirs:
    """What Intercom holds once that is written."""
    return Theirs(object=theirs.object, values={**theirs.values, **writes}, role=theirs.role)


def _is_left_alone(row: Row, theirs: Theirs, held: Any) -> bool:
    if row.intercom == "external_id" and theirs.role == "lead":
        return True  # Intercom makes up the user id of a lead; ours comes when it signs up
    return not row.overwrite and not is_empty(held)


def _judge(writes: dict[str, Any], name: str, value: Any, held: Any, target: Target) -> int | None:
    """Note the write, if one is needed; the former length of a text that was cut."""
    if is_empty(value):
        if is_empty(held):
            return None
        if not target.can_be_emptied:
            raise Unfit(_STAYS)
        writes[name] = None
        return None
    fitted = convert(value, target.kind, target.options)
    if is_same(fitted.value, held, target.kind):
        return fitted.length
    if target.is_identity and not is_empty(held):
        raise Unfit("Intercom knows this person under another user id, which is not replaced.")
    writes[name] = fitted.value
    return fitted.length


def _refusal(row: Row, value: Any, reason: str) -> Refused:
    return Refused(attribute=row.attribute, intercom=row.intercom, value=value, reason=reason)
