"""An organization with a connection of Intercom and calls that arrive."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from pulsescore.ingest.apply import Applied, apply_calls, settle_links
from pulsescore.ingest.calls import Call
from pulsescore.store.models import Customer, TimelineEvent
from tests.db.store.conftest import Store, new_store
from tests.unit.store.builders import at


@dataclass
class Site:
    """What programs and websites tell about the people of one organization."""

    intercom: Store
    count: int = 0

    @property
    def org_id(self) -> int:
        return self.intercom.org_id

    def call(self, kind: str, v: float = 0, **told: Any) -> Call:
        self.count += 1
        told.setdefault("message_id", f"m{self.count}")
        return Call(type=kind, at=at(v), **told)  # type: ignore[arg-type]

    def identify(self, user: str | None = "7", v: float = 0, **told: Any) -> Call:
        return self.call("identify", v, user_id=user, **told)

    def track(self, name: str, user: str | None = "7", v: float = 0, **told: Any) -> Call:
        return self.call("track", v, name=name, user_id=user, **told)

    def apply(self, *calls: Call, now: datetime | None = None) -> Applied:
        return apply_calls(org_id=self.org_id, calls=calls, now=now or self.intercom.now)

    def settle(self) -> frozenset[int]:
        return settle_links(org_id=self.org_id, now=self.intercom.now)

    def people(self) -> list[Customer]:
        return list(Customer.objects.for_org(self.org_id).filter(deleted_at=None).order_by("id"))

    def person(self) -> Customer:
        (person,) = self.people()
        return person

    def told_of(self, person: Customer) -> list[str]:
        rows = TimelineEvent.objects.for_org(self.org_id).filter(customer=person)
        return list(rows.order_by("occurred_at", "name").values_list("name", flat=True))


@pytest.fixture
def site(db: None) -> Site:
    return Site(new_store())
