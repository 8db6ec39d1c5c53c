"""Sources of records: created once per connection, kept when the connection goes."""

from pulsescore.core.errors import NotFound
from pulsescore.store.models import Source


def create_source(org_id: int, kind: str) -> Source:
    """A new origin of records, for example kind "intercom"."""
    return Source.objects.for_org(org_id).create(org_id=org_id, kind=kind)


def get_source(org_id: int, source_id: int) -> Source:
    """The source; raises `NotFound` if the organization has none of this id."""
    source = Source.objects.for_org(org_id).filter(id=source_id).first()
    if source is None:
        raise NotFound("There is no such source in this organization.")
    return source


def list_sources(org_id: int) -> list[Source]:
    """All sources of the organization, oldest first."""
    return list(Source.objects.for_org(org_id).order_by("id"))
