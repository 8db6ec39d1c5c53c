"""Whatever a source tells of somebody moves them between segments within one look."""

from datetime import timedelta
from typing import Any

import pytest

from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.pipeline import segmenting
from pulsescore.pipeline.work import rescore_pending
from pulsescore.segments import queries
from pulsescore.store import write
from pulsescore.store.models import Customer
from pulsescore.store.records import Record
from tests.db.scoring.people import add_org, source_of
from tests.unit.store.builders import NOON, company, contact, event

pytestmark = pytest.mark.django_db
RULES: dict[str, dict[str, Any]] = {
    "Exported": {"event": "Exported", "op": "did"},
    "Of big firms": {"field": "company.plan", "op": "eq", "value": "big"},
    "Tagged": {"field": "tags", "op": "has", "value": "vip"},
    "Free": {"field": "metadata.plan", "op": "eq", "value": "free"},
}


class Teller:
    """A source that tells things, one at a time, and everything that follows is done."""

    def __init__(self) -> None:
        self.org_id = add_org()
        self.now = NOON
        actor = Actor(user=None, org_id=self.org_id, role=Role.ADMIN, via="command")
        for name, rule in RULES.items():
            segmenting.create_segment(actor, name=name, rule=rule, now=self.now)
        segmenting.refresh_everybody(self.org_id, now=self.now)

    def tell(self, *records: Record) -> set[str]:
        """The segments of Ann, of those above, after this was told."""
        self.now += timedelta(minutes=1)
        source_id = source_of(self.org_id).pk
        told = write.apply(org_id=self.org_id, source_id=source_id, records=records, now=self.now)
        assert told.counts.get("customer.malformed", 0) == 0
        rescore_pending(self.org_id, now=self.now)
        ann = Customer.objects.for_org(self.org_id).get(external_id="ann")
        return {one.name for one in queries.segments_of(self.org_id, ann.pk)} & RULES.keys()


def test_events_companies_tags_and_attributes_each_count() -> None:
    source = Teller()
    firm = company("acme", v=1, name="Acme", plan="small")
    assert source.tell(firm, contact("ann", v=1, companies=["acme"])) == set()
    assert source.tell(event("e1", contacts=["ann"], name="Exported")) == {"Exported"}
    assert source.tell(company("acme", v=2, plan="big")) == {"Exported", "Of big firms"}
    tagged = contact("ann", v=2, companies=["acme"], tags=["VIP"], metadata={"plan": "free"})
    assert source.tell(tagged) == set(RULES)
