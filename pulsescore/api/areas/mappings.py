"""Mapping tables of a connection, and the attributes that can stand in them."""

from typing import Literal

from ninja import Router
from pydantic import BaseModel

from pulsescore.api.bodies import StrictBody
from pulsescore.api.callers import MemberRequest, admin
from pulsescore.connectors.intercom import queries as connections
from pulsescore.connectors.intercom.mappings import definitions, offers
from pulsescore.connectors.intercom.mappings.fields import Row
from pulsescore.connectors.intercom.mappings.incoming import IncomingRow
from pulsescore.core.clock import utcnow
from pulsescore.pipeline import mapping as pipeline

router = Router(tags=["Mapping"])
Object = Literal["contact", "company"]


class IncomingBody(StrictBody):
    """A field of Intercom's contacts, by its path, becomes our attribute.

    With `overwrite` Intercom's value wins; else it only fills what nobody else told.
    """

    intercom: str
    attribute: str
    overwrite: bool = False


class OutgoingBody(StrictBody):
    """Our attribute goes to Intercom's.

    With `overwrite` our value always wins; else it is sent only where Intercom's is empty.
    """

    object: Object
    attribute: str
    intercom: str
    overwrite: bool = False


class MappingsIn(StrictBody):
    """The tables to save; one that is left out stays as it is."""

    incoming: list[IncomingBody] | None = None
    outgoing: list[OutgoingBody] | None = None


class NamesIn(StrictBody):
    """Full names of custom attributes that outgoing rows name and Intercom lacks."""

    names: list[str]


class IncomingOut(BaseModel):
    """One row of the incoming table."""

    intercom: str
    attribute: str
    overwrite: bool


class OutgoingOut(BaseModel):
    """One row of the outgoing table; `problem` says why it sends nothing to anybody.

    `is_missing`: the custom attribute can be made in Intercom.
    """

    object: str
    attribute: str
    intercom: str
    overwrite: bool
    problem: str | None
    is_missing: bool


class MappingsOut(BaseModel):
    """Both tables of a connection."""

    incoming: list[IncomingOut]
    outgoing: list[OutgoingOut]


class OurAttributeOut(BaseModel):
    """An attribute of ours that can be sent."""

    name: str
    type: str
    label: str


class TheirAttributeOut(BaseModel):
    """An attribute of Intercom that can be written."""

    name: str
    type: str
    label: str
    options: list[str]
    custom: bool
    archived: bool
    writable: bool


class IncomingFieldOut(BaseModel):
    """A field of Intercom's contacts that can be brought in; `attribute` is the name it has here.

    Standard fields stand in the group `intercom/…` of every customer by themselves.
    """

    name: str
    type: str
    label: str
    attribute: str | None


class AttributesOut(BaseModel):
    """What can stand in the tables: ours and Intercom's by object, and what can be brought in."""

    ours: dict[str, list[OurAttributeOut]]
    intercom: dict[str, list[TheirAttributeOut]]
    incoming: list[IncomingFieldOut]
    custom_count: int
    custom_limit: int


class CreatedOut(BaseModel):
    """The attributes that were made in Intercom."""

    created: list[str]


@router.get("/connections/{id:connection_id}/mappings", response=MappingsOut, auth=admin)
def get_mappings(request: MemberRequest, connection_id: int) -> MappingsOut:
    """The mapping tables of a connection."""
    return _tables(request, connection_id)


@router.put("/connections/{id:connection_id}/mappings", response=MappingsOut, auth=admin)
def save_mappings(request: MemberRequest, connection_id: int, body: MappingsIn) -> MappingsOut:
    """Replace the mapping tables; everybody known is gone through once."""
    incoming, outgoing = body.incoming, body.outgoing
    pipeline.save_mappings(
        request.auth,
        connection_id,
        incoming=None
        if incoming is None
        else [IncomingRow(**row.model_dump()) for row in incoming],
        outgoing=None if outgoing is None else [Row(**row.model_dump()) for row in outgoing],
        now=utcnow(),
    )
    return _tables(request, connection_id)


@router.get("/attributes", response=AttributesOut, auth=admin)
def list_attributes(request: MemberRequest, connection: int | None = None) -> AttributesOut:
    """The attributes of both sides with their types, as last read from Intercom."""
    found = offers.connection_to_show(request.auth.org_id, connection)
    return AttributesOut(**offers.offer(request.auth.org_id, found))


@router.post(
    "/connections/{id:connection_id}/attributes/refresh", response=AttributesOut, auth=admin
)
def refresh_attributes(request: MemberRequest, connection_id: int) -> AttributesOut:
    """Read the definitions of attributes from Intercom again."""
    found = definitions.refresh_definitions(request.auth, connection_id, now=utcnow())
    return AttributesOut(**offers.offer(request.auth.org_id, found))


@router.post("/connections/{id:connection_id}/attributes", response=CreatedOut, auth=admin)
def create_attributes(request: MemberRequest, connection_id: int, body: NamesIn) -> CreatedOut:
    """Make missing custom attributes in Intercom, each with the type of ours."""
    made = definitions.create_missing(request.auth, connection_id, body.names, now=utcnow())
    return CreatedOut(created=made)


def _tables(request: MemberRequest, connection_id: int) -> MappingsOut:
    connection = connections.get_connection(request.auth.org_id, connection_id)
    return MappingsOut(**offers.view_tables(connection))
