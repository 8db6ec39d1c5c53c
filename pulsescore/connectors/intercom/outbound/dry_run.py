"""A dry run: what would be written now, as differences, without a single request.

It looks at what sending would look at, over the same code, whatever the access mode.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import QuerySet

from pulsescore.connectors.intercom.models import Connection
from pulsescore.connectors.intercom.outbound import membership
from pulsescore.connectors.intercom.outbound.companies import CompanyLookout, CompanyOutlook
from pulsescore.connectors.intercom.outbound.looking import ARCHIVED, Asked, Lookout, Outlook
from pulsescore.connectors.intercom.outbound.mirroring import mirrored_tags
from pulsescore.connectors.intercom.outbound.models import AppliedTag, OutboundSettings
from pulsescore.connectors.intercom.outbound.settings import settings_of
from pulsescore.connectors.intercom.queries import get_connection
from pulsescore.core.errors import NotFound
from pulsescore.segments.models import CompanyMembership, Member
from pulsescore.store.models import Company, Customer
from pulsescore.store.queries import get_customer

SHOWN: Final = 100
_BATCH: Final = 500
# More than these are not looked at while a person waits.
AT_ONCE: Final = 300


@dataclass(frozen=True, kw_only=True)
class Change:
    """One value that would be written; without a value before, there is none."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, kw_only=True)
class PlannedWrite:
    """What would be written to one contact or company. `action`: create, convert, update, …"""

    action: str
    customer_id: int | None = None
    company_id: int | None = None
    title: str
    role: str | None = None
    changes: Sequence[Change] = ()
    tags_added: Sequence[str] = ()
    tags_removed: Sequence[str] = ()
    companies_added: int = 0
    refused: Sequence[tuple[str, str]] = ()
    cut: Sequence[str] = ()


@dataclass(kw_only=True)
class Plan:
    """The first hundred writes, and counts of all."""

    looked_at: int = 0
    touched: int = 0
    creates: int = 0
    converts: int = 0
    updates: int = 0
    tags_added: int = 0
    tags_removed: int = 0
    companies: int = 0
    refused: int = 0
    new_tags: list[str] = field(default_factory=list)
    renamed_tags: list[tuple[str, str]] = field(default_factory=list)
    writes: list[PlannedWrite] = field(default_factory=list)
    confirm_above: int = 0

    @property
    def needs_confirmation(self) -> bool:
        """Whether a run of this size waits for a person's word."""
        return self.touched > self.confirm_above


def plan(
    org_id: int,
    connection_id: int,
    *,
    segment: int | None = None,
    customer: int | None = None,
    settings: OutboundSettings | None = None,
) -> Plan:
    """What sending would write now: for everybody, a segment or one customer.

    `settings` other than the stored ones show what they would do. Raises `NotFound`.
    """
    connection = get_connection(org_id, connection_id)
    walk = Walk(connection, settings or settings_of(connection), segment=segment, customer=customer)
    for fresh in walk.steps():
        walk.made.writes += fresh[: SHOWN - len(walk.made.writes)]
    return walk.made


def is_quick(connection: Connection, segment: int | None = None) -> bool:
    """Whether so few are concerned that a person can wait for the plan. Raises `NotFound`."""
    parts = _parts(connection, settings_of(connection), segment)
    return sum(part[: AT_ONCE + 1].count() for part in parts) <= AT_ONCE


class Walk:
    """Goes through whom a plan concerns, batch by batch, and counts in `made`.

    `passed` of `total` customers and companies are through. Raises `NotFound`.
    """

    def __init__(
        self,
        connection: Connection,
        settings: OutboundSettings,
        *,
        segment: int | None = None,
        customer: int | None = None,
    ) -> None:
        self.connection, self.settings = connection, settings
        self.made = Plan(confirm_above=settings.confirm_above)
        self.passed = 0
        self._asked: dict[int, Asked] = {}
        self._companies: list[int] = []
        if customer is not None:
            get_customer(connection.org_id, customer)
            self._asked = {customer: Asked(is_forced=True)}
            self._customers = [customer]
        else:
            *people, companies = _parts(connection, settings, segment)
            self._customers = sorted({one for part in people for one in part})
            self._companies = sorted(set(companies))

    @property
    def total(self) -> int:
        """How many customers and companies are concerned."""
        return len(self._customers) + len(self._companies)

    def steps(self) -> Iterator[list[PlannedWrite]]:
        """What would be written to each batch; the counts are of all until then."""
        lookout = Lookout(self.connection, self.settings)
        _plan_tags(self.made, self.connection, self.settings)
        self.made.looked_at = self.total
        for some in _batches(self._customers):
            outlooks = lookout.look(some, asked=self._asked)
            self.passed += len(some)
            yield [_shown(one) for one in outlooks if _counts(self.made, one)]
        companies = CompanyLookout(self.connection, self.settings, lookout.mapper)
        for some in _batches(self._companies):
            firms = companies.look(some)
            self.passed += len(some)
            yield [_shown_company(one) for one in firms if _counts_company(self.made, one)]


def _plan_tags(made: Plan, connection: Connection, settings: OutboundSettings) -> None:
    for one in mirrored_tags(connection, settings):
        if one.name is None or not one.needs_work:
            continue
        if one.row is not None and one.row.tag_id is not None and one.row.is_ours:
            made.renamed_tags.append((one.shown, one.name))
        else:
            made.new_tags.append(one.name)


def _parts(
    connection: Connection, settings: OutboundSettings, segment: int | None
) -> list[QuerySet[Any, int]]:
    """Ids of customers, as marking would find them, and last those of companies."""
    org_id = connection.org_id
    if segment is not None and not membership.names_of(org_id, [segment]):
        raise NotFound("There is no such segment of customers.")
    everybody = [*settings.user_segments, *settings.lead_segments]
    members = Member.objects.for_org(org_id).filter(
        segment_id__in=everybody if segment is None else [segment]
    )
    parts: list[QuerySet[Any, int]] = [members.values_list("customer_id", flat=True)]
    companies = CompanyMembership.objects.for_org(org_id).filter(
        segment_id__in=settings.company_segments if segment is None else []
    )
    if segment is None:
        bearers = AppliedTag.objects.for_org(org_id).filter(tag__connection=connection)
        parts.append(bearers.values_list("customer_id", flat=True))
        if settings.resend_archived:
            parts.append(_archived_of(connection).values_list("id", flat=True))
    return [*parts, companies.values_list("company_id", flat=True)]


def _archived_of(connection: Connection) -> QuerySet[Customer, Customer]:
    """Who was archived in this workspace, and may be brought back."""
    rows = Customer.objects.for_org(connection.org_id).filter(source_id=connection.source_id)
    return rows.filter(deleted_at__isnull=False, deleted_reason=ARCHIVED)


def _counts(made: Plan, outlook: Outlook) -> bool:
    """Count one customer; whether anything would be written."""
    made.refused += len(outlook.refused)
    if outlook.is_empty:
        return False
    diff = outlook.diff
    made.touched += 1
    made.creates += diff.creates is not None
    made.converts += diff.converts
    made.updates += bool(diff.fields) and diff.creates is None and not diff.converts
    made.tags_added += len(diff.attach)
    made.tags_removed += len(diff.detach)
    return True


def _shown(outlook: Outlook) -> PlannedWrite:
    diff, customer = outlook.diff, outlook.customer
    if diff.creates:
        action = "create"
    elif diff.converts:
        action = "convert"
    else:
        action = "restore" if diff.restores else "update"
    return PlannedWrite(
        action=action,
        customer_id=customer.pk,
        title=customer.name or customer.email or customer.external_id,
        role=outlook.role,
        changes=[
            Change(name=name, before=diff.before.get(name), after=value)
            for name, value in diff.fields.items()
        ],
        tags_added=[one.name for one in diff.attach],
        tags_removed=[one.name for one in diff.detach],
        companies_added=len(diff.companies) + len(outlook.new_companies),
        refused=[(one.intercom, one.reason) for one in outlook.refused],
        cut=[one.intercom for one in outlook.cut],
    )


def _counts_company(made: Plan, outlook: CompanyOutlook) -> bool:
    """Count one company; whether anything would be written."""
    made.refused += len(outlook.refused)
    if outlook.is_empty:
        return False
    made.touched += 1
    made.companies += 1
    return True


def _shown_company(outlook: CompanyOutlook) -> PlannedWrite:
    company: Company = outlook.company
    return PlannedWrite(
        action="create_company" if outlook.external_id is None else "update_company",
        company_id=company.pk,
        title=company.name or company.company_key or company.external_id,
        changes=[
            Change(name=name, before=outlook.before.get(name), after=value)
            for name, value in outlook.fields.items()
        ],
        refused=[(one.intercom, one.reason) for one in outlook.refused],
    )


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]
