"""Segments that would swing for ever: their names come back from Intercom in mapped fields."""

from dataclasses import dataclass
from typing import Final

from pulsescore.connectors.intercom.mappings.bringing import rows_of
from pulsescore.connectors.intercom.mappings.echoes import fields_of_segments
from pulsescore.connectors.intercom.mappings.fields import MappedKind
from pulsescore.connectors.intercom.mappings.queries import list_outgoing
from pulsescore.connectors.intercom.models import Connection, ConnectionStatus
from pulsescore.connectors.intercom.outbound.settings import settings_of
from pulsescore.core.errors import FieldFault, Invalid
from pulsescore.segments.fields import Kind
from pulsescore.segments.models import Segment
from pulsescore.segments.rules import Leaf, leaves_of, parse_rule
from pulsescore.segments.tag_circles import find_circles_by_text

_KINDS: Final[dict[Kind, MappedKind]] = {"customer": "contact", "company": "company"}


@dataclass(frozen=True)
class Circle:
    """A segment that could not come to rest, and the field of its rule that its name comes to."""

    segment_id: int
    name: str
    kind: MappedKind
    field: str


def refuse_tables(connection: Connection) -> None:
    """Raise `Invalid` where the tables of a connection, as stored, make a segment swing."""
    found = [one for kind in _KINDS for one in _among(connection, kind)]
    faults = []
    for index, row in enumerate(list_outgoing(connection)):
        told = [one for one in found if one.kind == row.object]
        if told and row.attribute == "segments" and row.overwrite:
            message = (
                f"The rule of the segment {told[0].name} asks about {told[0].field}, to which the"
                " names of segments come back from Intercom: its members would come and go for"
                " ever. Change its rule, or this row."
            )
            faults.append(FieldFault(f"outgoing.{index}.attribute", message))
    if faults:
        raise Invalid(*faults)


def refuse_settings(connection: Connection) -> None:
    """Raise `Invalid` where the tags that a connection sends, as stored, make a segment swing."""
    for one in _among(connection, "customer"):
        message = (
            f"The segment {one.name} asks about {one.field}: with these tags, and with the names"
            " of segments that come back from Intercom by the mapping, its members would come and"
            " go for ever. Change its rule or the mapping of segments, or send no tags."
        )
        raise Invalid(FieldFault("tag_segments", message))


def refuse_segment(segment: Segment, *, path: str) -> None:
    """Raise `Invalid` where a segment, as stored, swings with the tables of a connection."""
    kind: Kind = "company" if segment.kind == "company" else "customer"
    connections = Connection.objects.for_org(segment.org_id).exclude(
        status=ConnectionStatus.DISCONNECTED
    )
    for connection in connections.order_by("pk"):
        for one in _among(connection, kind):
            if one.segment_id == segment.pk:
                message = (
                    f"The names of segments come back from Intercom to {one.field}, so that"
                    " members would come and go for ever. Ask about something else, or change"
                    " the mapping of segments."
                )
                raise Invalid(FieldFault(path, message))


def _among(connection: Connection, kind: Kind) -> list[Circle]:
    mapped = _KINDS[kind]
    fields = fields_of_segments(mapped, list_outgoing(connection), rows_of(connection))
    if not fields:
        return []
    rows = Segment.objects.for_org(connection.org_id).filter(kind=kind, deleted_at=None)
    known = {one.pk: one for one in rows.order_by("pk")}
    rules = {pk: parse_rule(one.rule, kind=kind) for pk, one in known.items()}
    names = {pk: one.name for pk, one in known.items()}
    tagged = _tagged(connection) if kind == "customer" else frozenset()
    return [
        Circle(pk, names[pk], mapped, leaf.field.key)
        for pk in sorted(find_circles_by_text(rules, names, fields=fields, tagged=tagged))
        for leaf in leaves_of(rules[pk])
        if isinstance(leaf, Leaf) and leaf.field.key in {*fields, "tags"}
    ]


def _tagged(connection: Connection) -> frozenset[int]:
    """The segments whose members get a tag."""
    settings = settings_of(connection)
    if not settings.tag_segments:
        return frozenset()
    return frozenset([*settings.user_segments, *settings.lead_segments])
