"""What is due over a connection, looked at as it is now: from the outbox, or from fresh marks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pulsescore.connectors.intercom.models import Connection
from pulsescore.connectors.intercom.outbound import outbox, planning
from pulsescore.connectors.intercom.outbound.companies import CompanyLookout, CompanyOutlook
from pulsescore.connectors.intercom.outbound.events_out import part_passed_events, waiting_events
from pulsescore.connectors.intercom.outbound.looking import Asked, Outlook, look_out
from pulsescore.connectors.intercom.outbound.models import OutboundTask, OutgoingEvent
from pulsescore.connectors.intercom.outbound.side_by_side import AHEAD

ContactWork = tuple[OutboundTask, Outlook, Sequence[OutgoingEvent]]
CompanyWork = tuple[OutboundTask, CompanyOutlook]


@dataclass
class DueContacts:
    """The customers of one round, batch by batch; nobody comes twice, so each has one writer.

    First those in the outbox, then as many marked ones as planning left, `unplanned`. Each batch is
    judged by the settings and tables of its moment. The round ends when a tag must be brought in
    order first, beside those of the `untagged` segments, which could not be.
    """

    connection: Connection
    unplanned: int
    untagged: frozenset[int]
    size: int = AHEAD
    _above: int | None = 0
    _given: set[int] = field(default_factory=set)

    def batch(self, *, now: datetime) -> list[ContactWork] | None:
        """The next ones, maybe nobody; `None` when the round is over."""
        lookout = look_out(self.connection, clock=lambda: now)
        if lookout.untagged - self.untagged:
            return None
        tasks = self._from_outbox(now=now)
        if not tasks:
            return self._from_marks(now=now)
        by_customer = {task.customer_id: task for task in tasks if task.customer_id is not None}
        asked = {customer_id: _asked(task) for customer_id, task in by_customer.items()}
        return self._works(by_customer, lookout.look(by_customer, asked=asked))

    def _from_outbox(self, *, now: datetime) -> list[OutboundTask]:
        """What marks bring into the outbox later is given from there, and not taken here again."""
        if self._above is None:
            return []
        tasks = outbox.take(
            self.connection, about="customer", now=now, above=self._above, limit=self.size
        )
        self._above = tasks[-1].pk if tasks else None
        return tasks

    def _from_marks(self, *, now: datetime) -> list[ContactWork] | None:
        if self.unplanned <= 0:
            return None
        planned = planning.plan_customers(
            self.connection, now=now, limit=min(self.size, self.unplanned), under_way=self._given
        )
        if not planned.looked_at:
            return None
        self.unplanned -= planned.looked_at
        fresh = {one.customer.pk for one in planned.differing} - self._given
        return self._works(outbox.take_these(self.connection, fresh, now=now), planned.differing)

    def _works(
        self, tasks: Mapping[int, OutboundTask], outlooks: Sequence[Outlook]
    ) -> list[ContactWork]:
        self._given.update(tasks)
        part_passed_events(self.connection, tasks)
        events = waiting_events(self.connection, tasks)
        works = [
            (tasks[one.customer.pk], one, events.get(one.customer.pk, ()))
            for one in outlooks
            if one.customer.pk in tasks
        ]
        return sorted(works, key=lambda work: work[0].pk)


@dataclass
class DueCompanies:
    """The companies of one round, batch by batch."""

    connection: Connection
    lookout: CompanyLookout
    _above: int = 0

    def batch(self, *, now: datetime) -> list[CompanyWork] | None:
        """The next ones; `None` when there are none."""
        tasks = outbox.take(
            self.connection, about="company", now=now, above=self._above, limit=AHEAD
        )
        if not tasks:
            return None
        self._above = tasks[-1].pk
        by_company = {task.company_id: task for task in tasks if task.company_id is not None}
        forced = frozenset(one for one, task in by_company.items() if task.is_forced)
        back = {one: task.values for one, task in by_company.items()}
        outlooks = self.lookout.look(by_company, forced=forced, back=back)
        works = [(by_company[one.company.pk], one) for one in outlooks]
        return sorted(works, key=lambda work: work[0].pk)


def _asked(task: OutboundTask) -> Asked:
    return Asked(
        is_forced=task.is_forced,
        tags_to_add=task.tags_to_add,
        tags_to_remove=task.tags_to_remove,
        values=task.values,
        archives=task.archives,
    )
