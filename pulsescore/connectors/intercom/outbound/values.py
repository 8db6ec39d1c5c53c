"""Which attributes of customers and companies are to be written: the outgoing mapping, by batch."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pulsescore.connectors.intercom.mappings.conversion import is_same
from pulsescore.connectors.intercom.mappings.fields import MappedKind, Unwritable, target_of
from pulsescore.connectors.intercom.mappings.ours import attributes_of, company_attributes_of
from pulsescore.connectors.intercom.mappings.outgoing import Desired, desired
from pulsescore.connectors.intercom.mappings.queries import Table, load_table
from pulsescore.connectors.intercom.mappings.theirs import Theirs
from pulsescore.connectors.intercom.models import Connection
from pulsescore.connectors.intercom.outbound.echoes import MOVED

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

    def made_otherwise(
        self, kind: MappedKind, sent: Mapping[str, Any], held: Mapping[str, Any]
    ) -> dict[str, tuple[Any, Any]]:
        """Of what was sent, what Intercom's answer tells otherwise, or may yet move elsewhere.

        What the answer does not tell counts as taken.
        """
        return {
            name: (value, held[name])
            for name, value in sent.items()
            if name in held and (name in MOVED or not self._is_same(kind, name, value, held[name]))
        }

    def _is_same(self, kind: MappedKind, name: str, sent: Any, held: Any) -> bool:
        try:
            target = target_of(kind, name, self._tables[kind].definitions)
        except Unwritable:
            return True
        return is_same(sent, held, target.kind)

    def desired(self, ours: Mapping[str, Any], theirs: Theirs) -> Desired:
        """What the table asks to write."""
        table = self._tables[theirs.object]
        return desired(ours, theirs, table.rows, table.definitions)
