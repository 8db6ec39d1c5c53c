"""Which attributes of customers and companies are to be written: the outgoing mapping, by batch."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pulsescore.connectors.intercom.mappings.fields import MappedKind
from pulsescore.connectors.intercom.mappings.ours import attributes_of, company_attributes_of
from pulsescore.connectors.intercom.mappings.outgoing import Desired, desired
from pulsescore.connectors.intercom.mappings.queries import Table, load_table
from pulsescore.connectors.intercom.mappings.theirs import Theirs
from pulsescore.connectors.intercom.models import Connection

Ours = Mapping[int, Mapping[str, Any]]
_KINDS: Final[tuple[MappedKind, ...]] = ("contact", "company")


class Mapper:
    """The outgoing table of one connection, with the definitions that it is judged by."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tables: dict[MappedKind, Table] = {
            kind: load_table(connection, kind) for kind in _KINDS
        }

    def ours_of_customers(self, ids: Iterable[int]) -> Ours:
        """Our attributes of customers; nothing is read where nothing is mapped."""
        if not self._tables["contact"].rows:
            return {}
        return attributes_of(self._connection.org_id, list(ids))

    def ours_of_companies(self, ids: Iterable[int]) -> Ours:
        """Our attributes of companies."""
        if not self._tables["company"].rows:
            return {}
        return company_attributes_of(self._connection.org_id, list(ids))

    def desired(self, ours: Mapping[str, Any], theirs: Theirs) -> Desired:
        """What the table asks to write."""
        table = self._tables[theirs.object]
        return desired(ours, theirs, table.rows, table.definitions)
