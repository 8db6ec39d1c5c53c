"""Customers as they are here and in Intercom, and what differs: read by batch, judged by `diff`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from pulsescore.connectors.intercom.mappings import theirs as theirs_of
from pulsescore.connectors.intercom.mappings.outgoing import Cut, Refused
from pulsescore.connectors.intercom.models import Connection, DirectoryEntry
from pulsescore.connectors.intercom.outbound import membership
from pulsescore.connectors.intercom.outbound.diff import (
    Diff,
    Known,
    Mirror,
    Values,
    Wish,
    bring_back,
    compare,
)
from pulsescore.connectors.intercom.outbound.echoes import (
    Echoes,
    echoes_of_customers,
    without_echoes,
)
from pulsescore.connectors.intercom.outbound.linking import Links
from pulsescore.connectors.intercom.outbound.mirroring import (
    Mirrored,
    applied_tags,
    mirrored_tags,
)
from pulsescore.connectors.intercom.outbound.models import OutboundSettings, Reason, WithheldValue
from pulsescore.connectors.intercom.outbound.roles import LEAD, USER, Choice, Role, role_of
from pulsescore.connectors.intercom.outbound.settings import choice_of, settings_of
from pulsescore.connectors.intercom.outbound.values import Mapper, Ours
from pulsescore.core.clock import utcnow
from pulsescore.store.models import Customer, Identity

ARCHIVED: Final = "archived"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a person asked for beside what the settings say."""

    is_forced: bool = False
    tags_to_add: Sequence[str] = ()
    tags_to_remove: Sequence[str] = ()
    values: Values = field(default_factory=dict)
    archives: bool = False


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """One customer and what is to be written; `new_companies` are to be made in Intercom first."""

    customer: Customer
    diff: Diff
    role: Role | None = None
    refused: tuple[Refused, ...] = ()
    cut: tuple[Cut, ...] = ()
    new_companies: tuple[int, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be written."""
        return self.diff.is_empty and not self.new_companies


@dataclass
class Lookout:
    """Looks at customers of one connection; what all of them share is read once."""

    connection: Connection
    settings: OutboundSettings
    clock: Callable[[], datetime] = utcnow
    choice: Choice = field(init=False)
    mapper: Mapper = field(init=False)
    mirrored: list[Mirrored] = field(init=False)

    def __post_init__(self) -> None:
        self.choice = _living(self.connection.org_id, choice_of(self.settings))
        self.mapper = Mapper(self.connection)
        self.mirrored = mirrored_tags(self.connection, self.settings)

    @property
    def untagged(self) -> frozenset[int]:
        """Segments whose tags must be made, renamed or ended before contacts are written."""
        return frozenset(one.segment_id for one in self.mirrored if one.needs_work)

    def look(
        self, customer_ids: Iterable[int], *, asked: Mapping[int, Asked] | None = None
    ) -> list[Outlook]:
        """What is to be written for each of these customers, by a fixed number of queries."""
        org_id = self.connection.org_id
        ids = sorted(set(customer_ids))
        customers = list(Customer.objects.for_org(org_id).filter(pk__in=ids).order_by("id"))
        batch = _Batch(
            segments=self._segments(ids, customers),
            applied=applied_tags(org_id, ids),
            withheld=withheld_from_customers(self.connection, ids),
            user_ids=own_user_ids(org_id, ids),
            echoes=echoes_of_customers(self.connection, ids),
            ours=self.mapper.ours_of_customers(ids),
            links=Links.of(self.connection, ids) if self.settings.link_companies else Links(),
        )
        return [self._look(one, batch, (asked or {}).get(one.pk, Asked())) for one in customers]

    def _segments(
        self, ids: Sequence[int], customers: Sequence[Customer]
    ) -> Mapping[int, frozenset[int]]:
        """Who is chosen; of those who may be brought back, as if they were."""
        org_id, among = self.connection.org_id, self.choice.segments
        segments = membership.segments_of_customers(org_id, ids, among=among)
        archived = [one.pk for one in customers if one.deleted_reason == ARCHIVED]
        if not (archived and self.settings.resend_archived):
            return segments
        restored = membership.segments_if_restored(org_id, archived, among=among, now=self.clock())
        return {one: segments.get(one, frozenset()) | restored.get(one, frozenset()) for one in ids}

    def _look(self, customer: Customer, batch: "_Batch", asked: Asked) -> Outlook:
        is_theirs = customer.source_id == self.connection.source_id
        if customer.merged_into_id is not None or _is_gone(customer, is_theirs=is_theirs):
            return Outlook(customer=customer, diff=Diff(contact_id=None))
        segments = batch.segments.get(customer.pk, frozenset())
        known_role = _known_role(customer) if is_theirs else None
        user_id = batch.user_ids.get(customer.pk) or customer.external_user_id
        role = role_of(
            self.choice,
            segments=segments,
            known=known_role,
            has_signed_up=user_id is not None,
            is_forced=asked.is_forced,
        )
        theirs = _theirs(customer, role, is_theirs=is_theirs)
        known = _known(customer, known_role, theirs.values, is_theirs=is_theirs)
        mapped = self.mapper.desired(batch.ours.get(customer.pk, {}), theirs)
        wish = Wish(
            role=role,
            identity=_identity(customer, user_id, role),
            values=without_echoes(mapped.writes, theirs.values, batch.echoes.get(customer.pk, {})),
            mirrors=self._mirrors(customer, segments, batch, asked, is_sent=role is not None),
            companies=batch.links.known.get(customer.pk, frozenset()),
            may_restore=self.settings.resend_archived,
        )
        diff = compare(known, wish, withheld=batch.withheld.get(customer.pk))
        diff = bring_back(diff, known, values=asked.values, archives=asked.archives)
        is_written = role is not None and (known.contact_id is not None or diff.creates is not None)
        return Outlook(
            customer=customer,
            diff=diff,
            role=role,
            refused=mapped.refused if is_written else (),
            cut=mapped.cut if is_written else (),
            new_companies=batch.links.unknown.get(customer.pk, ()) if is_written else (),
        )

    def _mirrors(
        self,
        customer: Customer,
        segments: frozenset[int],
        batch: "_Batch",
        asked: Asked,
        *,
        is_sent: bool,
    ) -> list[Mirror]:
        applied = batch.applied.get(customer.pk, frozenset())
        withheld = batch.withheld.get(customer.pk, {})
        mirrors = [
            Mirror(
                name=one.shown,
                tag_id=one.row.tag_id if one.row else None,
                is_borne=is_sent
                and one.name is not None
                and one.segment_id in segments
                and withheld.get(f"tag:{one.row and one.row.tag_id}") is not True,
                may_remove=one.row is not None and (one.row.is_ours or one.row.pk in applied),
            )
            for one in self.mirrored
        ]
        by_hand = [(name, True) for name in asked.tags_to_add]
        by_hand += [(name, False) for name in asked.tags_to_remove]
        known = {one.name.casefold() for one in mirrors if one.is_borne}
        return mirrors + [
            Mirror(
                name=name,
                tag_id=self._tag_ids.get(name.casefold()),
                is_borne=is_borne,
                may_remove=True,
            )
            for name, is_borne in by_hand
            if name.casefold() not in known
        ]

    @cached_property
    def _tag_ids(self) -> dict[str, str]:
        """Ids of the workspace's tags, for those that a person named."""
        entries = DirectoryEntry.objects.for_org(self.connection.org_id).filter(
            connection=self.connection, kind="tag"
        )
        return {name.casefold(): tag for name, tag in entries.values_list("name", "external_id")}


def look_out(connection: Connection, *, clock: Callable[[], datetime] = utcnow) -> Lookout:
    """A lookout by the settings and tables of this moment."""
    return Lookout(connection, settings_of(connection), clock=clock)


@dataclass(frozen=True, kw_only=True)
class _Batch:
    segments: Mapping[int, frozenset[int]]
    applied: Mapping[int, frozenset[int]]
    withheld: Mapping[int, Values]
    user_ids: Mapping[int, str]
    echoes: Mapping[int, Echoes]
    ours: Ours
    links: Links


def _living(org_id: int, choice: Choice) -> Choice:
    """Without segments that were deleted: they are emptied only some time later."""
    living = membership.names_of(org_id, choice.segments).keys()
    return replace(
        choice,
        user_segments=choice.user_segments & living,
        lead_segments=choice.lead_segments & living,
    )


def withheld_from_customers(connection: Connection, ids: Iterable[int]) -> dict[int, Values]:
    """Of each customer, the values that are not sent while they are the same."""
    rows = WithheldValue.objects.for_org(connection.org_id).filter(
        connection=connection, customer_id__in=list(ids)
    )
    rows = rows.exclude(reason=Reason.CUT)
    found: dict[int, dict[str, Any]] = {}
    for customer_id, key, value in rows.values_list("customer_id", "key", "value"):
        found.setdefault(customer_id, {})[key] = value
    return dict(found)


def own_user_ids(org_id: int, ids: Iterable[int]) -> dict[int, str]:
    """The ids by which the customer's own product knows people: who has one has signed up."""
    rows = Identity.objects.for_org(org_id).filter(customer_id__in=list(ids), kind="user_id")
    return dict(rows.order_by("-id").values_list("customer_id", "key"))


def _is_gone(customer: Customer, *, is_theirs: bool) -> bool:
    """Gone for good; who was only archived may be brought back."""
    if customer.deleted_at is None:
        return False
    return not (is_theirs and customer.deleted_reason == ARCHIVED)


def _known_role(customer: Customer) -> Role:
    return LEAD if customer.contact_role == LEAD else USER


def _theirs(customer: Customer, role: Role | None, *, is_theirs: bool) -> theirs_of.Theirs:
    if is_theirs:
        return theirs_of.contact(customer.attributes, customer.metadata)
    return theirs_of.new_contact(role or USER)


def _known(customer: Customer, role: Role | None, values: Values, *, is_theirs: bool) -> Known:
    if not is_theirs:
        return Known()
    return Known(
        contact_id=customer.external_id,
        role=role,
        values=values,
        tags=frozenset(customer.tags),
        companies=frozenset(customer.company_external_ids),
        is_archived=customer.deleted_at is not None,
    )


def _identity(customer: Customer, user_id: str | None, role: Role | None) -> dict[str, Any]:
    """Who it is, told when a contact is made or converted. A lead has no user id of ours."""
    identity = {"email": customer.email, "name": customer.name}
    if role == USER:
        identity["external_id"] = user_id
    return {name: value for name, value in identity.items() if value}
