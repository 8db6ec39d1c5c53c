"""A two-way connection that sends, and what a test does with it."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from intercom_sim.model import Contact
from intercom_sim.server import Running
from intercom_sim.workspace import Workspace
from pulsescore.connectors.intercom.api.retry import Patience
from pulsescore.connectors.intercom.clients import client_for
from pulsescore.connectors.intercom.mappings.models import OutgoingMapping
from pulsescore.connectors.intercom.models import Connection, Mode
from pulsescore.connectors.intercom.outbound import marks
from pulsescore.connectors.intercom.outbound.models import OutboundSettings
from pulsescore.connectors.intercom.outbound.sending import send_due
from pulsescore.segments.models import Member, Segment
from pulsescore.store.models import Customer
from pulsescore.store.traits import TraitChange, apply_traits
from tests.db.intercom.conftest import Present


@dataclass
class Product:
    """The sending side of one connection. `present` is the clock that everybody shares."""

    connection: Connection
    sim: Running
    present: Present

    @property
    def workspace(self) -> Workspace:
        return self.sim.workspace

    @property
    def org_id(self) -> int:
        return self.connection.org_id

    def go_two_way(self, **settings: Any) -> OutboundSettings:
        self.connection.mode = Mode.TWO_WAY
        self.connection.save()
        return OutboundSettings.objects.for_org(self.org_id).create(
            org_id=self.org_id, connection=self.connection, **settings
        )

    def segment(self, name: str, members: Iterable[Customer] = ()) -> Segment:
        segment = Segment.objects.for_org(self.org_id).create(
            org_id=self.org_id, kind="customer", name=name, rule={"all": []}
        )
        for one in members:
            self.enter(segment, one)
        return segment

    def enter(self, segment: Segment, customer: Customer) -> None:
        Member.objects.for_org(self.org_id).create(
            org_id=self.org_id,
            segment=segment,
            customer=customer,
            entered_at=self.present.now(),
        )
        marks.mark(self.org_id, [customer.pk])

    def leave(self, segment: Segment, customer: Customer) -> None:
        Member.objects.for_org(self.org_id).filter(segment=segment, customer=customer).delete()
        marks.mark(self.org_id, [customer.pk])

    def map(self, attribute: str, intercom: str, *, overwrite: bool = True) -> None:
        OutgoingMapping.objects.for_org(self.org_id).create(
            org_id=self.org_id,
            connection=self.connection,
            object="contact",
            attribute=attribute,
            intercom=intercom,
            overwrite=overwrite,
        )

    def learn(self, customer: Customer, **values: Any) -> None:
        self.present.pass_secs(1)
        change = TraitChange(customer_id=customer.pk, values=values, at=self.present.now())
        apply_traits(org_id=self.org_id, changes=[change], now=self.present.now())
        marks.mark(self.org_id, [customer.pk])

    def send(self) -> int:
        """A worker's go; time passes a little."""
        self.present.pass_secs(1)
        return asyncio.run(
            send_due(
                self.connection.pk,
                now=self.present.now,
                client_factory=lambda connection: client_for(
                    connection, patience=Patience(tries=2), timing=self.present.timing()
                ),
            )
        )

    def customers(self) -> list[Customer]:
        rows = Customer.objects.for_org(self.org_id).filter(
            source_id=self.connection.source_id, deleted_at=None, contact_role="user"
        )
        return list(rows.order_by("id"))

    def customer(self, external_id: str) -> Customer:
        return Customer.objects.for_org(self.org_id).get(
            source_id=self.connection.source_id, external_id=external_id
        )

    def writes(self) -> list[tuple[str, str]]:
        """Method and path of every writing request so far."""
        return [(one.method, one.path) for one in self.sim.simulator.log.writes()]

    def forget_writes(self) -> None:
        self.sim.simulator.log.clear()

    def there(self, customer: Customer) -> Contact:
        """The contact as the simulated workspace holds it."""
        return self.workspace.contacts[customer.external_id]

    def tags_there(self, customer: Customer) -> set[str]:
        return {self.workspace.tags[tag].name for tag in self.there(customer).tags}
