"""Short ways to write records; instants are seconds after one fixed noon."""

from datetime import UTC, datetime, timedelta
from typing import Any

from pulsescore.store.door import Entry, admit
from pulsescore.store.kinds import KINDS, Kind
from pulsescore.store.records import (
    CompanyRecord,
    ConversationRecord,
    CustomerRecord,
    EventRecord,
)

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def contact(
    name: str = "ann", /, *, v: float | None = 0, seen: float | None = None, **told: Any
) -> Any:
    """A contact's record of version `v`, with an e-mail address unless told otherwise."""
    told.setdefault("email", f"{name}@example.com")
    return partial_contact(name, v=v, seen=seen, **told)


def partial_contact(
    name: str = "ann", /, *, v: float | None = 0, seen: float | None = None, **told: Any
) -> CustomerRecord:
    """A contact's record that tells nothing but this."""
    return CustomerRecord(external_id=name, **_when(v, seen), **told)


def company(
    name: str = "acme", /, *, v: float | None = 0, seen: float | None = None, **told: Any
) -> Any:
    """A company's record."""
    return CompanyRecord(external_id=name, **_when(v, seen), **told)


def talk(
    name: str = "c1", /, *, v: float | None = 0, seen: float | None = None, **told: Any
) -> ConversationRecord:
    """A conversation with ann, open since noon, unless told otherwise."""
    told = {"status": "open", "opened_at": NOON, "contacts": ["ann"], **told}
    return partial_talk(name, v=v, seen=seen, **told)


def partial_talk(
    name: str = "c1", /, *, v: float | None = 0, seen: float | None = None, **told: Any
) -> ConversationRecord:
    """A conversation's record that tells nothing but this."""
    return ConversationRecord(external_id=name, **_when(v, seen), **told)


def event(key: str = "e1", /, **told: Any) -> EventRecord:
    """A timeline entry."""
    told = {
        "name": "User replied to conversation",
        "source": "intercom",
        "occurred_at": NOON,
        **told,
    }
    return EventRecord(dedupe_key=key, **told)


def entry(record: Any) -> Entry:
    """The record as it passes the door."""
    return admit(kind_of(record), record)


def kind_of(record: Any) -> Kind:
    """The kind that a record is of."""
    return next(kind for kind in KINDS.values() if isinstance(record, kind.record))


def _when(v: float | None, seen: float | None) -> dict[str, Any]:
    observed = seen if seen is not None else (v or 0) + 1
    return {"version": None if v is None else at(v), "observed_at": at(observed)}
