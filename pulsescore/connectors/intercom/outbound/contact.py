"""Sending one contact: made or changed, tagged, joined to companies, its events told, in order.

Each step is safe to repeat: whoever dies after a request and before it is noted sends it again to
the same effect.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import UNSET

from pulsescore.connectors.intercom import mapping
from pulsescore.connectors.intercom.api.client import IntercomClient
from pulsescore.connectors.intercom.api.errors import (
    AlreadyThere,
    ApiError,
    ContactMerged,
    NotFoundThere,
    PermissionMissing,
    PlanRestricted,
    RequestRefused,
)
from pulsescore.connectors.intercom.api.schemas import Contact
from pulsescore.connectors.intercom.inbox.effects.telling import Refetch
from pulsescore.connectors.intercom.inbox.reading import Reader, gone
from pulsescore.connectors.intercom.mappings import theirs as theirs_of
from pulsescore.connectors.intercom.outbound.diff import Diff, Mirror, as_body
from pulsescore.connectors.intercom.outbound.looking import Outlook
from pulsescore.connectors.intercom.outbound.metadata import metadata_of
from pulsescore.connectors.intercom.outbound.models import OutgoingEvent
from pulsescore.connectors.intercom.outbound.outcome import Outcome, Written
from pulsescore.connectors.intercom.outbound.roles import LEAD
from pulsescore.connectors.intercom.outbound.values import Mapper
from pulsescore.store.records import CustomerRecord, DeletionRecord, MergeRecord

Clock = Callable[[], datetime]
Companies = Callable[[int], Any]

_ROLE = "role"
_NAMING = ("email", "external_id")
_NOT_PERMITTED = (PermissionMissing, PlanRestricted)


@dataclass
class ContactSender:
    """Sends contacts with one client. `company_id` finds or makes the company of an id of ours."""

    client: IntercomClient
    now: Clock
    tag_names: Mapping[str, str]
    company_id: Companies
    mapper: Mapper
    # Kinds of writes that Intercom does not permit: not asked for again while this one works.
    barred: dict[str, str] = field(default_factory=dict)

    async def send(
        self, outlook: Outlook, outcome: Outcome, events: Sequence[OutgoingEvent] = ()
    ) -> Outcome:
        """Write what differs; what came of it is in the outcome, faults included."""
        work = _Work(self, outlook, outcome)
        try:
            await work.run(events)
        except (NotFoundThere, ContactMerged) as fault:
            await work.look_where_it_is(fault)
        except AlreadyThere as there:
            await work.adopt(there)
        except ApiError as fault:
            outcome.fault = fault
        return outcome


class _Work:
    """One contact being sent."""

    def __init__(self, sender: ContactSender, outlook: Outlook, outcome: Outcome) -> None:
        self._sender, self._client = sender, sender.client
        self._diff: Diff = outlook.diff
        self._outlook, self._outcome = outlook, outcome
        self._last_at: datetime | None = None
        self._version: datetime | None = outlook.customer.remote_updated_at
        outcome.contact_id = outlook.diff.contact_id

    async def run(self, events: Sequence[OutgoingEvent]) -> None:
        if self._diff.archives:
            await self._archive()
            return
        if self._diff.restores and self._may("contacts"):
            await self._restore()
        if self._diff.creates == LEAD and await self._is_lead_already():
            return
        await self._write_contact()
        if self._outcome.contact_id is None:
            return
        await self._write_tags(self._outcome.contact_id)
        await self._write_companies(self._outcome.contact_id)
        await self._send_events(self._outcome.contact_id, events)

    async def adopt(self, there: AlreadyThere) -> None:
        """It exists: know it first; the next look decides what it lacks, row by row."""
        outcome = self._outcome
        if self._diff.contact_id is not None:
            await self._join_user(there)
            return
        if there.is_archived:
            outcome.fault = there
            return
        try:
            outcome.records += await self._reader.read(Refetch("contact", there.contact_id))
        except ApiError as fault:
            outcome.fault = fault
            return
        outcome.contact_id, outcome.again = there.contact_id, True

    async def look_where_it_is(self, fault: ApiError) -> None:
        """It is not where we thought: deleted, archived or merged."""
        if self._diff.contact_id is None:
            self._outcome.fault = fault
            return
        wanted = Refetch("contact", self._diff.contact_id)
        asked_at = self._tick()
        try:
            self._outcome.records += await self._reader.read(wanted)
        except NotFoundThere:
            self._outcome.records += gone(wanted, asked_at)
        except ApiError as again:
            self._outcome.fault = again

    async def _join_user(self, there: AlreadyThere) -> None:
        """A lead that is to become a user whom Intercom has already: the two are one."""
        lead_id = self._diff.contact_id or ""
        if not self._diff.converts or there.is_archived or there.contact_id == lead_id:
            self._outcome.fault = there
            return
        at = self._tick()
        try:
            user = await self._client.merge_contacts(lead_id=lead_id, user_id=there.contact_id)
        except ApiError as fault:
            self._outcome.fault = fault
            return
        merge = MergeRecord(source=lead_id, target=there.contact_id, at=at)
        self._outcome.records += [merge, self._record(user, at)]
        self._note("contact.merge", lead_id, after={"into": there.contact_id})

    async def _is_lead_already(self) -> bool:
        """Intercom refuses no second lead of an address: look before one is made.

        It is there where the answer to its making was lost, or where we were not told of it.
        """
        email = self._diff.fields.get("email")
        if email is None:
            return False
        at = self._tick()
        page = await self._client.search_contacts(_lead_with(email), per_page=1)
        for lead in page.items:
            self._outcome.contact_id, self._outcome.again = str(lead.id), True
            self._outcome.records.append(self._record(lead, at))
        return bool(page.items)

    async def _restore(self) -> None:
        contact_id = self._diff.contact_id or ""
        await self._client.unarchive_contact(contact_id)
        self._note("contact.unarchive", contact_id)

    async def _archive(self) -> None:
        contact_id, at = self._diff.contact_id or "", self._tick()
        await self._client.archive_contact(contact_id)
        self._outcome.records.append(
            DeletionRecord(kind="customer", external_id=contact_id, at=at, reason="archived")
        )
        self._note("contact.archive", contact_id)

    async def _write_contact(self) -> None:
        diff = self._diff
        body = diff.body
        if not (body or diff.restores) or not self._may("contacts"):
            return
        try:
            await self._put(diff.fields, body)
        except _NOT_PERMITTED as fault:
            self._bar("contacts", fault)
        except AlreadyThere:
            raise
        except RequestRefused as refusal:
            await self._put_apart(refusal)

    async def _put(self, fields: Mapping[str, Any], body: dict[str, Any]) -> None:
        diff, outcome = self._diff, self._outcome
        at = self._tick()
        if diff.creates and outcome.contact_id is None:
            contact = await self._client.create_contact(body)
            kind = "contact.create"
        else:
            contact = await self._client.update_contact(outcome.contact_id or "", body)
            kind = "contact.convert" if _ROLE in body else "contact.update"
        outcome.contact_id = str(contact.id)
        record = self._record(contact, at)
        outcome.records.append(record)
        outcome.accepted |= fields.keys() - outcome.task.values.keys()
        outcome.echoes |= self._sender.mapper.made_otherwise("contact", fields, _held(record))
        before = {name: diff.before.get(name) for name in fields} if diff.before else {}
        after = dict(fields)
        if _ROLE in body:
            after[_ROLE] = body[_ROLE]
            before |= {} if diff.creates else {_ROLE: "lead"}
        self._note(kind, outcome.contact_id, before=before, after=after)

    async def _put_apart(self, refusal: RequestRefused) -> None:
        """Find out which values are refused, and have the others written."""
        diff = self._diff
        optional = dict(diff.fields)
        if diff.creates or diff.converts:
            needed = {name: optional.pop(name) for name in _NAMING if name in optional}
            body = as_body(needed) | {_ROLE: diff.body[_ROLE]}
            if not optional:
                self._withhold({"*": diff.body}, refusal)
                return
            try:
                await self._put(needed, body)
            except AlreadyThere:
                raise
            except RequestRefused as fault:
                self._withhold({"*": diff.body}, fault)
                return
        elif len(optional) == 1:
            self._withhold(optional, refusal)
            return
        for name, value in optional.items():
            try:
                await self._put({name: value}, as_body({name: value}))
            except RequestRefused as fault:
                self._withhold({name: value}, fault)

    def _withhold(self, values: Mapping[str, Any], fault: ApiError) -> None:
        message = fault.failure.message or fault.failure.code
        self._outcome.withheld |= {name: (value, message) for name, value in values.items()}
        contact_id = self._outcome.contact_id or ""
        kind = "contact.update" if contact_id else "contact.create"
        self._note(kind, contact_id, after=dict(values), error=message)

    async def _write_tags(self, contact_id: str) -> None:
        for one in self._diff.attach:
            if self._may("tags"):
                await self._tag(contact_id, one)
        for one in self._diff.detach:
            if self._may("tags"):
                await self._untag(contact_id, one)

    async def _tag(self, contact_id: str, one: Mirror) -> None:
        at = self._tick()
        tag_id = one.tag_id
        try:
            if tag_id is None:
                made = await self._client.save_tag(one.name)
                tag_id = str(made.id)
                self._outcome.made_tags[tag_id] = made.name or one.name
            tag = await self._client.attach_tag(contact_id, tag_id)
        except _NOT_PERMITTED as fault:
            self._bar("tags", fault)
        except NotFoundThere as fault:
            if not _is_about_tag(fault) or tag_id is None:
                raise
            self._outcome.lost_tags.append(tag_id)
            self._outcome.again = True
        except RequestRefused as fault:
            self._withhold({f"tag:{tag_id}": True}, fault)
        else:
            self._outcome.attached.append(tag_id)
            self._outcome.accepted.add(f"tag:{tag_id}")
            self._outcome.records.append(
                self._delta(contact_id, at, tags_added=[tag.name or one.name])
            )
            self._note("tag.attach", contact_id, after={"tag": one.name, "tag_id": tag_id})

    async def _untag(self, contact_id: str, one: Mirror) -> None:
        tag_id, at = one.tag_id or "", self._tick()
        try:
            await self._client.detach_tag(contact_id, tag_id)
        except _NOT_PERMITTED as fault:
            self._bar("tags", fault)
            return
        except NotFoundThere as fault:
            if not _is_about_tag(fault):
                raise
        else:
            self._note("tag.detach", contact_id, before={"tag": one.name, "tag_id": tag_id})
        self._outcome.detached.append(tag_id)
        self._outcome.records.append(self._delta(contact_id, at, tags_removed=[one.name]))

    async def _write_companies(self, contact_id: str) -> None:
        wanted = list(self._diff.companies)
        for company in self._outlook.new_companies:
            if self._may("companies"):
                try:
                    made = await self._sender.company_id(company)
                except _NOT_PERMITTED as fault:
                    self._bar("companies", fault)
                except RequestRefused as fault:
                    self._note("company.attach", contact_id, error=fault.failure.message)
                else:
                    wanted += [made] if made else []
        for company_id in wanted:
            if self._may("companies"):
                await self._attach(contact_id, company_id)

    async def _attach(self, contact_id: str, company_id: str) -> None:
        at = self._tick()
        try:
            company = await self._client.attach_company(contact_id, company_id)
        except _NOT_PERMITTED as fault:
            self._bar("companies", fault)
        except RequestRefused as fault:
            self._note("company.attach", contact_id, error=fault.failure.message)
        else:
            self._outcome.records.append(self._delta(contact_id, at, companies_added=[company_id]))
            after = {"company": company.name or company_id, "company_id": company_id}
            self._note("company.attach", contact_id, after=after)

    async def _send_events(self, contact_id: str, events: Sequence[OutgoingEvent]) -> None:
        for one in events:
            if self._may("events"):
                await self._send_event(contact_id, one)

    async def _send_event(self, contact_id: str, one: OutgoingEvent) -> None:
        metadata = metadata_of(one.event.properties)
        try:
            await self._client.send_event(
                contact_id=contact_id, name=one.name, created_at=one.second, metadata=metadata
            )
        except _NOT_PERMITTED as fault:
            self._bar("events", fault)
        except RequestRefused as fault:
            message = fault.failure.message or fault.failure.code
            self._outcome.events_refused.append((one, message))
            self._note("event", contact_id, after={"name": one.name}, error=message)
        else:
            self._outcome.events_sent.append(one)
            after = {"name": one.name, "created_at": one.second, "metadata": metadata}
            self._note("event", contact_id, after=after)

    def _may(self, kind: str) -> bool:
        message = self._sender.barred.get(kind)
        if message is not None:
            self._outcome.troubles[kind] = message
        return message is None

    def _bar(self, kind: str, fault: ApiError) -> None:
        message = fault.failure.message or fault.failure.code
        self._sender.barred[kind] = message
        self._outcome.troubles[kind] = message

    def _note(
        self,
        kind: str,
        external_id: str,
        *,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
        error: str = "",
    ) -> None:
        self._outcome.writes.append(
            Written(
                kind=kind,
                external_id=external_id,
                before=before or {},
                after=after or {},
                error=error,
            )
        )

    @property
    def _reader(self) -> Reader:
        return Reader(self._client, tag_names=self._sender.tag_names, now=self._tick)

    def _record(self, contact: Contact, at: datetime) -> CustomerRecord:
        # Brought back in the second in which it was put away: the answer proves which was later.
        record = mapping.contact_to_record(
            contact,
            tag_names=self._sender.tag_names,
            observed_at=at,
            authoritative=self._diff.restores,
        )
        self._version = record.version or self._version
        return record

    def _delta(self, contact_id: str, at: datetime, **lists: list[str]) -> CustomerRecord:
        """What a tag or company changes, newer than all that the contact's own version tells."""
        record = CustomerRecord(external_id=contact_id, version=self._version, observed_at=at)
        return msgspec.structs.replace(record, **lists)

    def _tick(self) -> datetime:
        """Now, and later than the last time: what is written afterwards counts as newer."""
        at = self._sender.now()
        if self._last_at is not None and at <= self._last_at:
            at = self._last_at + timedelta(microseconds=1)
        self._last_at = at
        return at


def _lead_with(email: str) -> dict[str, Any]:
    told = {"role": LEAD, "email": email}
    filters = [{"field": name, "operator": "=", "value": value} for name, value in told.items()]
    return {"operator": "AND", "value": filters}


def _held(record: CustomerRecord) -> Mapping[str, Any]:
    """What an answer tells of the contact's fields, by full name; nothing where it tells little."""
    if record.attributes is UNSET or record.metadata is UNSET:
        return {}
    return theirs_of.contact(record.attributes, record.metadata).values


def _is_about_tag(fault: NotFoundThere) -> bool:
    """Whether the tag is missing: of a contact Intercom says "User Not Found" under this code."""
    words = fault.failure.message.lower()
    return "user" not in words and "contact" not in words
