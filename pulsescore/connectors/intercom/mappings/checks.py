"""Pure: what is wrong with mapping tables that somebody wants to save, each fault with its path."""

import re
from collections.abc import Sequence
from typing import Any, Final

from pulsescore.connectors.intercom.mappings.fields import CUSTOM, STANDARD, Row
from pulsescore.connectors.intercom.mappings.incoming import IncomingRow, is_path
from pulsescore.connectors.intercom.mappings.words import (
    LONGEST_NAME,
    is_reserved,
    known_attribute,
)
from pulsescore.core.errors import FieldFault, Invalid

MOST_ROWS: Final = 250
_PREFIX: Final = "attributes."
# Letters and digits of any script, currency signs, spaces, hyphens and underscores.
_NAME: Final = re.compile(r"[\w$€£¥₹ \-]{1,190}")


def plain_name(attribute: str) -> str:
    """An attribute as the tables keep it: `attributes.plan`, as rules say it, is `plan`."""
    return attribute.strip().removeprefix(_PREFIX)


def is_custom_name(name: str) -> bool:
    """Whether Intercom takes this as the name of a custom attribute, without the prefix."""
    return _NAME.fullmatch(name) is not None


def checked_outgoing(rows: Sequence[Any]) -> list[Row]:
    """The rows as they are stored; raises `Invalid` with every fault."""
    clean = [
        Row(
            object=row.object,
            attribute=plain_name(row.attribute),
            intercom=row.intercom.strip(),
            overwrite=row.overwrite,
        )
        for row in rows
    ]
    faults = _too_many("outgoing", clean)
    taken: set[tuple[str, str]] = set()
    for index, row in enumerate(clean):
        path = f"outgoing.{index}"
        faults += _found(path, "object", _fault_of_object(row))
        faults += _found(path, "attribute", _fault_of_ours(row))
        faults += _found(path, "intercom", _fault_of_target(row))
        if (row.object, row.intercom) in taken:
            message = f"{row.intercom} is written by another row already."
            faults.append(FieldFault(f"{path}.intercom", message))
        taken.add((row.object, row.intercom))
    if faults:
        raise Invalid(*faults)
    return clean


def checked_incoming(rows: Sequence[Any]) -> list[IncomingRow]:
    """The rows as they are stored; raises `Invalid` with every fault."""
    clean = [
        IncomingRow(
            intercom=row.intercom.strip(),
            attribute=plain_name(row.attribute),
            overwrite=row.overwrite,
        )
        for row in rows
    ]
    faults = _too_many("incoming", clean)
    taken: set[str] = set()
    for index, row in enumerate(clean):
        path = f"incoming.{index}"
        if not is_path(row.intercom):
            message = f"A contact in Intercom has no field {row.intercom or 'without a name'}."
            faults.append(FieldFault(f"{path}.intercom", message))
        faults += _found(path, "attribute", _fault_of_trait(row.attribute))
        if row.attribute in taken:
            message = f"{row.attribute} is filled by another row already."
            faults.append(FieldFault(f"{path}.attribute", message))
        taken.add(row.attribute)
    if faults:
        raise Invalid(*faults)
    return clean


def _found(path: str, field: str, message: str | None) -> list[FieldFault]:
    return [FieldFault(f"{path}.{field}", message)] if message else []


def _too_many(table: str, rows: Sequence[object]) -> list[FieldFault]:
    if len(rows) <= MOST_ROWS:
        return []
    return [FieldFault(table, f"A table can have {MOST_ROWS} rows at most.")]


def _fault_of_object(row: Row) -> str | None:
    return None if row.object in STANDARD else "Choose contact or company."


def _fault_of_ours(row: Row) -> str | None:
    name = row.attribute
    if row.object not in STANDARD or known_attribute(row.object, name) is not None:
        return None
    if name.startswith("intercom/"):
        return "This is what Intercom tells; it need not be sent back."
    if row.object == "company" and name.startswith(("factor.", "company.")):
        return f"Companies have no attribute {name}."
    if name.startswith("factor."):
        return f"There is no factor {name.removeprefix('factor.')}."
    return _fault_of_length(name)


def _fault_of_trait(name: str) -> str | None:
    if is_reserved(name):
        return f"{name} is worked out by PulseScore or told by Intercom; choose another name."
    return _fault_of_length(name)


def _fault_of_length(name: str) -> str | None:
    if not name:
        return "Choose an attribute."
    if len(name) > LONGEST_NAME:
        return f"A name can have {LONGEST_NAME} characters at most."
    return None


def _fault_of_target(row: Row) -> str | None:
    if row.object not in STANDARD or row.intercom in STANDARD[row.object]:
        return None
    if not row.intercom:
        return "Choose an attribute of Intercom."
    if not row.intercom.startswith(CUSTOM):
        return (
            f"Intercom does not let {row.intercom} be written. Names of custom attributes begin"
            f" with {CUSTOM}"
        )
    if not is_custom_name(row.intercom.removeprefix(CUSTOM)):
        return "Names in Intercom have letters, digits, currency signs, spaces and hyphens only."
    return None
