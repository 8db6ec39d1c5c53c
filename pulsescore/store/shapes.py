"""What differs between the kinds when they are stored: who may enter, and what they link to."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, NamedTuple

from msgspec import UNSET

from pulsescore.core.copy_format import array_literal
from pulsescore.store import identity
from pulsescore.store.batch import Batch
from pulsescore.store.kinds import COMPANY, CONVERSATION, CUSTOMER, Kind, Sourced
from pulsescore.store.links import MEMBERS, PARTICIPANTS, LinkTable
from pulsescore.store.records import ConversationRecord, CustomerRecord
from pulsescore.store.stored_state import Content


class Linked(NamedTuple):
    """The rows that a record's names mean, and the names that mean none yet."""

    targets: list[int]
    unknown: list[str] | None


class Shape(ABC):
    """One kind of thing as `things.write` stores it; `columns` are beside those of its facts."""

    kind: Kind
    links: LinkTable | None = None
    columns: tuple[str, ...] = ()
    first_columns: tuple[str, ...] = ()

    def hold_reason(self, batch: Batch, record: Sourced) -> str | None:
        """Why a record may not enter (yet), or None."""
        return None

    def is_unwanted(self, batch: Batch, record: Sourced) -> bool:
        """Whether a record that may not enter is not to be kept either."""
        return False

    def gone_reason(self, record: Sourced) -> str | None:
        """Why a stored thing no longer counts although its source has it, or None."""
        return None

    def waits_for(self, batch: Batch, record: Sourced) -> list[str]:
        """What would let a held record enter."""
        return []

    @abstractmethod
    def linked(self, batch: Batch, record: Sourced) -> Linked:
        """What the record's names mean now."""

    def values(self, content: Content, linked: Linked) -> tuple[Any, ...]:
        """The values of `columns`."""
        return ()

    def first_values(self, content: Content) -> tuple[Any, ...]:
        """The values of `first_columns`, which only an insert writes."""
        return ()


class CompanyShape(Shape):
    """Companies always enter and link to nothing by themselves."""

    kind = COMPANY

    def linked(self, batch: Batch, record: Sourced) -> Linked:
        return Linked([], None)


class CustomerShape(Shape):
    """A contact without an e-mail address is no customer."""

    kind = CUSTOMER
    links = MEMBERS
    columns = ("unknown_companies",)

    def hold_reason(self, batch: Batch, record: Sourced) -> str | None:
        return self.gone_reason(record)

    def gone_reason(self, record: Sourced) -> str | None:
        assert isinstance(record, CustomerRecord)  # noqa: S101
        return None if record.email else "no_email"

    def linked(self, batch: Batch, record: Sourced) -> Linked:
        assert isinstance(record, CustomerRecord)  # noqa: S101
        return _resolve(record.companies or (), batch.companies.get)

    def values(self, content: Content, linked: Linked) -> tuple[Any, ...]:
        return (array_literal(linked.unknown),)


class ConversationShape(Shape):
    """A conversation needs its beginning, its state, and somebody whom we know."""

    kind = CONVERSATION
    links = PARTICIPANTS
    columns = ("unknown_contacts", "stats_version_at")
    first_columns = ("reopen_count", "assignment_count")

    def hold_reason(self, batch: Batch, record: Sourced) -> str | None:
        assert isinstance(record, ConversationRecord)  # noqa: S101
        if record.opened_at is UNSET or record.status is UNSET:
            return "incomplete"
        for name in record.contacts or ():
            if identity.customer_of(batch, name):
                return None
        return "no_contact"

    def is_unwanted(self, batch: Batch, record: Sourced) -> bool:
        """All its people were erased: what they wrote is not stored again."""
        assert isinstance(record, ConversationRecord)  # noqa: S101
        names = record.contacts or ()
        return bool(names) and all(identity.is_erased(batch, name) for name in names)

    def waits_for(self, batch: Batch, record: Sourced) -> list[str]:
        assert isinstance(record, ConversationRecord)  # noqa: S101
        return [f"customer:{name}" for name in record.contacts or ()]

    def linked(self, batch: Batch, record: Sourced) -> Linked:
        assert isinstance(record, ConversationRecord)  # noqa: S101
        if not batch.aliases:
            return _resolve(record.contacts or (), batch.customers.get)
        return _resolve(record.contacts or (), lambda name: identity.customer_of(batch, name))

    def values(self, content: Content, linked: Linked) -> tuple[Any, ...]:
        return array_literal(linked.unknown), content.counted_at

    def first_values(self, content: Content) -> tuple[Any, ...]:
        record = content.record
        assert isinstance(record, ConversationRecord)  # noqa: S101
        return record.reopens or 0, record.assignments or 0


def _resolve(names: Any, find: Callable[[str], int | None]) -> Linked:
    if len(names) == 1 and (only := find(names[0])) is not None:
        return Linked([only], None)
    targets: dict[int, None] = {}
    unknown: list[str] = []
    for name in names:
        target = find(name)
        if target is None:
            unknown.append(name)
        else:
            targets[target] = None
    return Linked(list(targets), unknown or None)
