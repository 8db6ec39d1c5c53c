"""A product that writes to a workspace: segments that are sent, tables of attributes, a sender."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from intercom_sim.actions.attributes import declare_attribute
from intercom_sim.actions.contacts import create_contact
from intercom_sim.model import Contact, Event, Tag
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom.api.retry import Patience
from pulsescore.connectors.intercom.clients import client_for
from pulsescore.connectors.intercom.mappings.models import IncomingMapping, OutgoingMapping
from pulsescore.connectors.intercom.models import Mode
from pulsescore.connectors.intercom.outbound import marks
from pulsescore.connectors.intercom.outbound.models import OutboundSettings
from pulsescore.connectors.intercom.outbound.sending import send_due
from pulsescore.ingest.bodies import pack
from pulsescore.ingest.calls import Call
from pulsescore.ingest.models import ArrivedBatch
from pulsescore.ingest.queue import work_once
from pulsescore.pipeline.segmenting import refresh_everybody, refresh_marked
from pulsescore.pipeline.work import rescore_pending
from pulsescore.segments import actions as segments
from pulsescore.store.models import Customer
from pulsescore.store.traits import TraitChange, apply_traits
from tests.convergence import instant_loop
from tests.convergence.product import Product
from tests.twoway.careful import held_by, idle, overwritten, repeated
from tests.twoway.ingested import Said, call_of
from tests.twoway.tables import Tables
from tests.twoway.wire import JudgingWire, Sent

RULES: Mapping[str, Any] = {
    "Big": {"all": [{"field": "attributes.size", "op": "gte", "value": 5}]},
    "Gold": {"any": [{"field": "attributes.tier", "op": "eq", "value": "gold"}]},
    "Reachable": {"all": [{"field": "email", "op": "contains", "value": "@"}]},
}
FIRMS = {"field": "name", "op": "contains", "value": "Group"}
NO_FAULTS: Mapping[int, str] = {}
NOTHING: Mapping[int, Callable[[], None]] = {}
ROUNDS = 12


@dataclass
class World(Product):
    """Two-way: everybody reachable is sent as a user, and three segments have tags."""

    tables: Tables = field(default_factory=Tables)

    def __post_init__(self) -> None:
        super().__post_init__()
        org = self.connection.org_id
        self.actor = Actor(user=None, org_id=org, role=Role.ADMIN, via="api_key")
        for name in ("level", "region"):
            declare_attribute(self.workspace, model="contact", name=name, data_type="string")
        self.connection.mode = Mode.TWO_WAY
        self.connection.save()
        for position, (ours, theirs, wins) in enumerate(self.tables.outgoing):
            OutgoingMapping(
                org_id=org,
                connection=self.connection,
                object="contact",
                attribute=ours,
                intercom=theirs,
                overwrite=wins,
                position=position,
            ).save(force_insert=True)
        for place, (theirs, ours, wins) in enumerate(self.tables.incoming):
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
        self.lead_segment = self.segments["Big"]
        self.firms = segments.create_segment(
            self.actor, name="Firms", rule=FIRMS, kind="company", now=self.now()
        ).pk
        self.left_out: set[int] = set()
        self.is_imported = False
        self.people: dict[str, Contact] = {}
        self.names_used = set(self.segments)
        self._save_settings()
        self.sent: list[Sent] = []
        self.asked: list[tuple[float, str, str]] = []
        self.complaints: list[str] = []
        self.said: dict[int, Call] = {}
        # Attributes that were told by hand, too.
        self.edited: set[str] = set()

    def _save_settings(self) -> None:
        tables = self.tables
        OutboundSettings(
            org_id=self.connection.org_id,
            connection=self.connection,
            convert_leads=tables.converts,
            resend_archived=tables.restores,
            link_companies=tables.companies,
            company_segments=[self.firms] if tables.companies else [],
            events=list(tables.events),
            events_since=self.now(),
        ).save(force_insert=True)
        self.choose()

    def now(self) -> datetime:
        """No two things that we do happen at the same instant."""
        self.clock.advance(0.001)
        return super().now()

    def chosen(self) -> list[int]:
        """The segments that are sent."""
        return [key for key in self.segments.values() if key not in self.left_out]

    def as_leads(self) -> list[int]:
        """Those of them whose customers are sent as leads."""
        return [key for key in self.chosen() if self.tables.leads and key == self.lead_segment]

    def choose(self, **settings: Any) -> None:
        """Save the settings, as a person would."""
        rows = OutboundSettings.objects.for_org(self.connection.org_id)
        as_leads = self.as_leads()
        as_users = [key for key in self.chosen() if key not in as_leads]
        rows.update(**{"user_segments": as_users, "lead_segments": as_leads, **settings})
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
        self.edited |= values.keys()
        change = TraitChange(customer_id=customer.pk, values=values, at=self.now())
        apply_traits(org_id=self.connection.org_id, changes=[change], now=self.now())

    def arrive(self, calls: Iterable[Said]) -> None:
        """Our programs make calls; one that was made before is the same again."""
        now = self.now()
        told = [self.said.setdefault(one.message, call_of(one, now=now)) for one in calls]
        ArrivedBatch.objects.for_org(self.connection.org_id).create(
            org_id=self.connection.org_id,
            calls=pack(told),
            size=len(told),
            received_at=now,
            next_attempt_at=now,
        )

    def take_in(self, *, dies_after: int | None = None) -> None:
        """Apply what our programs told."""
        org, now = self.connection.org_id, self.now()

        def work() -> None:
            while work_once(org, now=now):
                pass

        self._until_killed(lambda: self._elsewhere(work), dies_after)

    def send(
        self,
        *,
        faults: Mapping[int, str] = NO_FAULTS,
        meanwhile: Mapping[int, Callable[[], None]] = NOTHING,
        dies_after: int | None = None,
    ) -> JudgingWire:
        """Send what is due."""
        todo, held = dict(meanwhile), held_by(self.customers())
        wire = JudgingWire(
            self.simulator,
            faults=faults,
            meanwhile=lambda number: todo.pop(number, lambda: None)(),
            is_ours=self._is_ours,
        )
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
            self.complaints += overwritten(held, wire.sent, self.tables.outgoing)
        if not (faults or meanwhile or dies_after is not None):
            self.complaints += repeated(wire.sent)
        return wire

    def _is_ours(self, tag: Tag) -> bool:
        return tag.name in self.names_used or tag in self.made_tags()

    def made_tags(self) -> list[Tag]:
        """Tags that there are by our doing."""
        made = {one.made for one in self.sent if (one.method, one.path) == ("POST", "/tags")}
        return [one for key, one in self.workspace.tags.items() if key in made]

    def made_people(self) -> list[Contact]:
        """Living contacts that there are by our doing."""
        made = {one.made for one in self.sent if (one.method, one.path) == ("POST", "/contacts")}
        living = (self.workspace.contacts.get(key) for key in made if key)
        return [one for one in living if one and not (one.archived or one.merged_into)]

    def all_events(self) -> list[Event]:
        """Every event that Intercom knows, whoever it is of."""
        return [one for told in self.workspace.events.values() for one in told]

    def settle(self) -> list[Sent]:
        """Let everything reach everybody until a round sends nothing; what the last ones wrote."""
        for number in range(ROUNDS):
            before = len(self.sent)
            self.deliver(self.courier.take(0, 10**6))
            self.drain()
            self.take_in()
            self.judge()
            self.send()
            # What came of troubles before is known now.
            self.complaints += idle(self.sent[before:]) if number else ()
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
