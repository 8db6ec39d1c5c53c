"""Which attributes of customers and companies are to be written: the outgoing mapping, by batch."""

from collections.abc import Iterable, Mapping
from typing import Any

from pulsescore.connectors.intercom.mappings.fields import CUSTOM, Definition, MappedKind, Row
from pulsescore.connectors.intercom.mappings.models import OutgoingMapping
from pulsescore.connectors.intercom.mappings.outgoing import Desired, desired
from pulsescore.connectors.intercom.mappings.theirs import Theirs
from pulsescore.connectors.intercom.models import Connection, DirectoryEntry
from pulsescore.store.models import Company, Customer

Ours = Mapping[int, Mapping[str, Any]]


class Mapper:
    """The outgoing table of one connection, with the definitions that it is judged by."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = _rows(connection)
        self._definitions: Mapping[MappedKind, Mapping[str, Definition]] = {
            "contact": _definitions(connection, "contact_attribute"),
            "company": _definitions(connection, "company_attribute"),
        }

    def ours_of_customers(self, ids: Iterable[int]) -> Ours:
        """Our attributes of customers; nothing is read where nothing is mapped."""
        if not any(row.object == "contact" for row in self._rows):
            return {}
        return _attributes(self._connection.org_id, list(ids))

    def ours_of_companies(self, ids: Iterable[int]) -> Ours:
        """Our attributes of companies."""
        if not any(row.object == "company" for row in self._rows):
            return {}
        return _company_attributes(self._connection.org_id, list(ids))

    def desired(self, ours: Mapping[str, Any], theirs: Theirs) -> Desired:
        """What the table asks to write."""
        return desired(ours, theirs, self._rows, self._definitions[theirs.object])


def _rows(connection: Connection) -> list[Row]:
    rows = OutgoingMapping.objects.for_org(connection.org_id).filter(connection=connection)
    return [
        Row(
            object="contact" if one.object == "contact" else "company",
            attribute=one.attribute,
            intercom=one.intercom,
            overwrite=one.overwrite,
        )
        for one in rows.order_by("object", "position", "id")
    ]


def _definitions(connection: Connection, kind: str) -> dict[str, Definition]:
    entries = DirectoryEntry.objects.for_org(connection.org_id).filter(
        connection=connection, kind=kind, external_id__startswith=CUSTOM
    )
    return {
        name: Definition(
            name=name,
            data_type=details.get("data_type") or "string",
            options=tuple(str(one) for one in details.get("options") or ()),
            writable=details.get("api_writable") is not False,
            archived=bool(details.get("archived")),
        )
        for name, details in entries.values_list("external_id", "details")
    }


def _attributes(org_id: int, ids: list[int]) -> Ours:
    rows = Customer.objects.for_org(org_id).filter(pk__in=ids)
    return {
        pk: {**traits, "email": email, "name": name}
        for pk, traits, email, name in rows.values_list("id", "traits", "email", "name")
    }


def _company_attributes(org_id: int, ids: list[int]) -> Ours:
    rows = Company.objects.for_org(org_id).filter(pk__in=ids)
    return {
        pk: {**traits, "name": name, "plan": plan}
        for pk, traits, name, plan in rows.values_list("id", "traits", "name", "plan")
    }
