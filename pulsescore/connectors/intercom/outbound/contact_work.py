"""What the steps of sending one contact share: the client, what differs, and what came of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from pulsescore.connectors.intercom import mapping
from pulsescore.connectors.intercom.api.client import IntercomClient
from pulsescore.connectors.intercom.api.errors import (
    ApiError,
    PermissionMissing,
    PlanRestricted,
)
from pulsescore.connectors.intercom.api.schemas import Contact
from pulsescore.connectors.intercom.inbox.reading import Reader
from pulsescore.connectors.intercom.outbound.looking import Outlook
from pulsescore.connectors.intercom.outbound.outcome import Outcome, Written
from pulsescore.connectors.intercom.outbound.values import Mapper
from pulsescore.store.records import CustomerRecord

Clock = Callable[[], datetime]
Companies = Callable[[int, int | None], Awaitable[str | None]]

NOT_PERMITTED: Final = (PermissionMissing, PlanRestricted)


@dataclass
class Means:
    """What contacts are sent with; `company_id` finds or makes a company by our id, for a run."""

    client: IntercomClient
    now: Clock
    tag_names: Mapping[str, str]
    company_id: Companies
    mapper: Mapper
    # Kinds of writes that Intercom does not permit: not asked for again while this one works.
    barred: dict[str, str] = field(default_factory=dict)


class Work:
    """One contact being sent."""

    def __init__(self, means: Means, outlook: Outlook, outcome: Outcome) -> None:
        self.means, self.client = means, means.client
        self.diff = outlook.diff
        self.outlook, self.outcome = outlook, outcome
        self._last_at: datetime | None = None
        self._version: datetime | None = outlook.customer.remote_updated_at
        outcome.contact_id = outlook.diff.contact_id

    def may(self, kind: str) -> bool:
        """Whether writes of a kind are permitted, as far as is known; what is not is noted."""
        message = self.means.barred.get(kind)
        if message is not None:
            self.outcome.troubles[kind] = message
        return message is None

    def bar(self, kind: str, fault: ApiError) -> None:
        """A kind of write is not permitted: ask for none of it again."""
        message = fault.failure.message or fault.failure.code
        self.means.barred[kind] = message
        self.outcome.troubles[kind] = message

    def withhold(self, values: Mapping[str, Any], fault: ApiError) -> None:
        """Values that Intercom refused, with its reason, are left out until they are others."""
        message = fault.failure.message or fault.failure.code
        self.outcome.withheld |= {name: (value, message) for name, value in values.items()}
        contact_id = self.outcome.contact_id or ""
        kind = "contact.update" if contact_id else "contact.create"
        self.note(kind, contact_id, after=dict(values), error=message)

    def note(
        self,
        kind: str,
        external_id: str,
        *,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
        error: str = "",
    ) -> None:
        """A line of the write log."""
        self.outcome.writes.append(
            Written(
                kind=kind,
                external_id=external_id,
                before=before or {},
                after=after or {},
                error=error,
            )
        )

    @property
    def reader(self) -> Reader:
        """Reads the contact as it stands in Intercom."""
        return Reader(self.client, tag_names=self.means.tag_names, now=self.tick)

    def record(self, contact: Contact, at: datetime) -> CustomerRecord:
        """What an answer tells of the contact, for the store."""
        # Brought back in the second in which it was put away: the answer proves which was later.
        record = mapping.contact_to_record(
            contact,
            tag_names=self.means.tag_names,
            observed_at=at,
            authoritative=self.diff.restores,
        )
        self._version = record.version or self._version
        return record

    def delta(self, contact_id: str, at: datetime, **lists: list[str]) -> CustomerRecord:
        """What a tag or company changes, newer than all that the contact's own version tells."""
        record = CustomerRecord(external_id=contact_id, version=self._version, observed_at=at)
        return msgspec.structs.replace(record, **lists)

    def tick(self) -> datetime:
        """Now, and later than the last time: what is written afterwards counts as newer."""
        at = self.means.now()
        if self._last_at is not None and at <= self._last_at:
            at = self._last_at + timedelta(microseconds=1)
        self._last_at = at
        return at
