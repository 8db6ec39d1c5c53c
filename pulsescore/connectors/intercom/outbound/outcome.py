"""What came of sending one customer or company: what to store, log, withhold and try again."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pulsescore.connectors.intercom.api.errors import ApiError
from pulsescore.connectors.intercom.outbound.models import OutboundTask, OutgoingEvent
from pulsescore.store.records import Record


@dataclass(frozen=True, kw_only=True)
class Written:
    """One write that Intercom took, or (with an error) refused."""

    kind: str
    external_id: str
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    error: str = ""


class WrittenCompany(NamedTuple):
    """A write of a company (by our id) that a contact needed, and the run that asked for that."""

    company_id: int
    run_id: int | None
    written: Written


@dataclass(kw_only=True)
class Outcome:
    """Gathered while one row of the outbox is worked on.

    `contact_id` is who it turned out to be in Intercom. `withheld` are refused values by key, with
    what Intercom said; `accepted` keys it took, `echoes` what it
    was sent and what it made of that. `fault` ends the work on this row; `trouble` names
    the kind of write that is not permitted at all. `again`: look once more, at once.
    """

    task: OutboundTask
    contact_id: str | None = None
    records: list[Record] = field(default_factory=list)
    writes: list[Written] = field(default_factory=list)
    withheld: dict[str, tuple[Any, str]] = field(default_factory=dict)
    echoes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)
    attached: list[str] = field(default_factory=list)
    detached: list[str] = field(default_factory=list)
    lost_tags: list[str] = field(default_factory=list)
    made_tags: dict[str, str] = field(default_factory=dict)
    events_sent: list[OutgoingEvent] = field(default_factory=list)
    events_refused: list[tuple[OutgoingEvent, str]] = field(default_factory=list)
    fault: ApiError | None = None
    troubles: dict[str, str] = field(default_factory=dict)
    again: bool = False
