"""What can stand in the mapping tables, and how the tables look: for pages and the API."""

from typing import Any, Final

from pulsescore.connectors.intercom.mappings.bringing import rows_of
from pulsescore.connectors.intercom.mappings.fields import (
    CUSTOM,
    STANDARD,
    Definition,
    MappedKind,
    type_of,
)
from pulsescore.connectors.intercom.mappings.incoming import STANDARD_PATHS
from pulsescore.connectors.intercom.mappings.observed import offered_attributes
from pulsescore.connectors.intercom.mappings.queries import (
    MOST_CUSTOM,
    count_custom,
    definitions_of,
    faults_of,
    is_missing,
    list_outgoing,
)
from pulsescore.connectors.intercom.models import Connection, ConnectionStatus
from pulsescore.connectors.intercom.queries import get_connection, list_connections

_KINDS: Final[tuple[MappedKind, ...]] = ("contact", "company")


def view_tables(connection: Connection) -> dict[str, Any]:
    """Both tables as the API tells them: `incoming` and `outgoing`, with problems of rows."""
    outgoing = list_outgoing(connection)
    known = {kind: definitions_of(connection, kind) for kind in _KINDS}
    faults = {
        kind: faults_of([row for row in outgoing if row.object == kind], known[kind])
        for kind in _KINDS
    }
    return {
        "incoming": [_fields(row) for row in rows_of(connection)],
        "outgoing": [
            _fields(row)
            | {
                "problem": faults[row.object].get(row.intercom),
                "is_missing": is_missing(row.intercom, known[row.object]),
            }
            for row in outgoing
        ],
    }


def connection_to_show(org_id: int, connection_id: int | None) -> Connection | None:
    """The connection of that id, else the first one that is not disconnected, if there is one."""
    if connection_id is not None:
        return get_connection(org_id, connection_id)
    known = list_connections(org_id)
    return next((one for one in known if one.status != ConnectionStatus.DISCONNECTED), None)


def offer(org_id: int, connection: Connection | None) -> dict[str, Any]:
    """Attributes of both sides by object, and what can be brought in."""
    known: dict[MappedKind, dict[str, Definition]] = {
        kind: definitions_of(connection, kind) if connection else {} for kind in _KINDS
    }
    return {
        "ours": {
            kind: [_fields(one) for one in offered_attributes(org_id, kind)] for kind in _KINDS
        },
        "intercom": {
            kind: [*_standard(kind, known[kind]), *_custom(known[kind])] for kind in _KINDS
        },
        "incoming": _incoming(known["contact"]),
        "custom_count": count_custom(connection) if connection else 0,
        "custom_limit": MOST_CUSTOM,
    }


def _standard(kind: MappedKind, known: dict[str, Definition]) -> list[dict[str, Any]]:
    return [
        _their(name, type_of(name, target), known.get(name))
        for name, target in STANDARD[kind].items()
    ]


def _custom(known: dict[str, Definition]) -> list[dict[str, Any]]:
    return [
        _their(name, one.data_type, one) for name, one in known.items() if name.startswith(CUSTOM)
    ]


def _their(name: str, kind: str, told: Definition | None) -> dict[str, Any]:
    return {
        "name": name,
        "type": kind,
        "label": (told.label if told else "") or _plain(name),
        "options": list(told.options) if told else [],
        "custom": name.startswith(CUSTOM),
        "archived": told.archived if told else False,
        "writable": told.writable if told and name.startswith(CUSTOM) else True,
    }


def _incoming(known: dict[str, Definition]) -> list[dict[str, Any]]:
    standard = [
        _field(name, _type_of_path(name, known), known.get(name), f"intercom/{name}")
        for name in STANDARD_PATHS
        if "." not in name and name != "tags"
    ]
    nested = [
        _field(name, "string", None, "intercom/" + name.replace(".", "_"))
        for name in STANDARD_PATHS
        if "." in name
    ]
    tags = [_field("tags", "list", None, None)]
    custom = [
        _field(name, one.data_type, one, None)
        for name, one in known.items()
        if name.startswith(CUSTOM) and not one.archived
    ]
    return [*standard, *nested, *tags, *custom]


def _type_of_path(name: str, known: dict[str, Definition]) -> str:
    if name.endswith("_at"):
        return "date"
    return "boolean" if name == "is_lead" else known[name].data_type if name in known else "string"


def _field(name: str, kind: str, told: Definition | None, attribute: str | None) -> dict[str, Any]:
    label = (told.label if told else "") or _plain(name)
    return {"name": name, "type": kind, "label": label, "attribute": attribute}


def _plain(name: str) -> str:
    return name.removeprefix(CUSTOM).replace("_", " ").replace(".", ": ").capitalize()


def _fields(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__struct_fields__}
