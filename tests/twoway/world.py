"""A product that writes to a workspace: segments that are sent, tables of attributes, a sender."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from intercom_sim.actions.contacts import create_contact
from intercom_sim.model import Contact
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom.api.retry import Patience
from pulsescore.connectors.intercom.clients import client_for
from pulsescore.connectors.intercom.mappings.models import IncomingMapping, OutgoingMapping
from pulsescore.connectors.intercom.models import Mode
from pulsescore.connectors.intercom.outbound import marks
from pulsescore.connectors.intercom.outbound.models import OutboundSettings
from pulsescore.connectors.intercom.outbound.sending import send_due
from pulsescore.pipeline.segmenting import refresh_everybody, refresh_marked
from pulsescore.pipeline.work import rescore_pending
from pulsescore.segments import actions as segments
from pulsescore.store.models import Customer
from pulsescore.store.traits import TraitChange, apply_traits
from tests.convergence import instant_loop
from tests.convergence.product import Product
from tests.twoway.wire import JudgingWire, Sent

# Rows of the outgoing table: ours, Intercom's, whether ours wins.
MAPPED = (
    ("tier", "custom_attributes.job_title", True),
    ("title", "name", True),
    ("number", "phone", False),
    ("seat_count", "custom_attributes.seats", False),
    ("score", "custom_attributes.monthly_value", True),
)
# Rows of the incoming table: Intercom's, ours, whether theirs wins.
BROUGHT_IN = (("name", "nick", True), ("phone", "number", False))
RULES: Mapping[str, Any] = {
    "Big": {"all": [{"field": "attributes.size", "op": "gte", "value": 5}]},
    "Gold": {"any": [{"field": "attributes.tier", "op": "eq", "value": "gold"}]},
    "Reachable": {"all": [{"field": "email", "op": "contains", "value": "@"}]},
}
NO_FAULTS: Mapping[int, str] = {}
ROUNDS = 12


class World(Product):
    """Two-way: everybody reachable is sent as a user, and three segments have tags."""

    def __post_init__(self) -> None:
        super().__post_init__()
        org = self.connection.org_id
        self.actor = Actor(user=None, org_id=org, role=Role.ADMIN, via="api_key")
        self.connection.mode = Mode.TWO_WAY
        self.connection.save()
        for position, (ours, theirs, wins) in enumerate(MAPPED):
            OutgoingMapping(
                org_id=org,
                connection=self.connection,
                object="contact",
                attribute=ours,
                intercom=theirs,
                overwrite=wins,
                position=position,
            ).save(force_insert=True)
        for place, (theirs, ours, wins) in enumerate(BROUGHT_IN):
            IncomingMapping(
                org_id=org,
                connection=self.connection,
                intercom=theirs,
                attribute=ours,
                overwrite=wins,
                position=place,
            ).save(force_insert=True)
        self.segments = {
            name: segments.create_segment(self.actor, name=name, rule=rule, now=self.now()).pk
            for name, rule in RULES.items()
        }
        self.left_out: set[int] = set()
        self.is_imported = False
        self.people: dict[str, Contact] = {}
        self.names_used = set(self.segments)
        OutboundSettings(org_id=org, connection=self.connection).save(force_insert=True)
        self.choose()
        self.sent: list[Sent] = []
        self.asked: list[tuple[float, str, str]] = []
        self.complaints: list[str] = []

    def now(self) -> datetime:
        """No two things that we do happen at the same instant."""
        self.clock.advance(0.001)
        return super().now()

    def chosen(self) -> list[int]:
        """The segments that are sent."""
        return [key for key in self.segments.values() if key not in self.left_out]

    def choose(self, **settings: Any) -> None:
        """Save the settings, as a person would."""
        rows = OutboundSettings.objects.for_org(self.connection.org_id)
        rows.update(**{"user_segments": self.chosen(), **settings})
        marks.mark(self.connection.org_id, [one.pk for one in self.customers()])

    def customers(self) -> list[Customer]:
        """Everybody alive, in the order in which they came."""
        rows = Customer.objects.for_org(self.connection.org_id).filter(deleted_at=None)
        return list(rows.order_by("id"))

    def meet(self, name: str, /, **facts: Any) -> Contact:
        """Somebody comes to Intercom, known to the case by name; a user unless said otherwise."""
        number = len(self.workspace.contacts)
        told = {"email": f"{name}{number}@people.example", **facts}
        self.people[name] = create_contact(self.workspace, **told)
        return self.people[name]

    def customer(self, name: str) -> Customer:
        """The same person as we know them."""
        rows = Customer.objects.for_org(self.connection.org_id)
        return rows.get(external_id=self.people[name].id)

    def tags_of(self, name: str) -> list[str]:
        """The names of the tags that somebody bears in Intercom."""
        return sorted(self.workspace.tags[one].name for one in self.people[name].tags)

    def tell(self, customer: Customer, values: Mapping[str, Any]) -> None:
        """Our own product tells something of a customer."""
        change = TraitChange(customer_id=customer.pk, values=values, at=self.now())
        apply_traits(org_id=self.connection.org_id, changes=[change], now=self.now())

    def send(
        self, *, faults: Mapping[int, str] = NO_FAULTS, dies_after: int | None = None
    ) -> JudgingWire:
        """Send what is due."""
        wire = JudgingWire(self.simulator, faults=faults)
        work = send_due(
            self.connection.pk,
            now=self.now,
            client_factory=lambda connection: client_for(
                connection, patience=Patience(tries=3), timing=self._timing(), wire=wire
            ),
        )
        try:
            self._until_killed(lambda: self._elsewhere(lambda: instant_loop.run(work)), dies_after)
        finally:
            self.sent += wire.sent
            self.asked += wire.asked
            self.complaints += wire.complaints
        return wire

    def settle(self) -> list[Sent]:
        """Let everything reach everybody until a round sends nothing; what the last ones wrote."""
        for _ in range(ROUNDS):
            before = len(self.sent)
            self.deliver(self.courier.take(0, 10**6))
            self.drain()
            self.judge()
            self.send()
            self.clock.advance(3_600)
            if len(self.sent) == before and not self.courier.waiting:
                return []
        return self.sent[before:]

    def judge(self, *, dies_after: int | None = None) -> None:
        """Score who is marked, and see who is in which segment."""
        org, now = self.connection.org_id, self.now()

        def work() -> None:
            rescore_pending(org, now=now)
            refresh_everybody(org, now=now)
            refresh_marked(org, now=now)

        self._until_killed(lambda: self._elsewhere(work), dies_after)
