"""Sending one contact: made or changed, tagged, joined to companies, its events told, in order.

Each step is safe to repeat: whoever dies after a request and before it is noted sends it again to
the same effect.
"""

from collections.abc import Sequence

from pulsescore.connectors.intercom.api.errors import (
    AlreadyThere,
    ApiError,
    ContactMerged,
    NotFoundThere,
)
from pulsescore.connectors.intercom.inbox.effects.telling import Refetch
from pulsescore.connectors.intercom.inbox.reading import gone
from pulsescore.connectors.intercom.outbound.contact_companies import write_companies
from pulsescore.connectors.intercom.outbound.contact_events import send_events
from pulsescore.connectors.intercom.outbound.contact_fields import is_lead_already, write_fields
from pulsescore.connectors.intercom.outbound.contact_tags import write_tags
from pulsescore.connectors.intercom.outbound.contact_work import Means, Work
from pulsescore.connectors.intercom.outbound.looking import Outlook
from pulsescore.connectors.intercom.outbound.models import OutgoingEvent
from pulsescore.connectors.intercom.outbound.outcome import Outcome
from pulsescore.connectors.intercom.outbound.roles import LEAD
from pulsescore.store.records import DeletionRecord, MergeRecord


class ContactSender(Means):
    """Sends contacts with one client."""

    async def send(
        self, outlook: Outlook, outcome: Outcome, events: Sequence[OutgoingEvent] = ()
    ) -> Outcome:
        """Write what differs; what came of it is in the outcome, faults included."""
        work = Work(self, outlook, outcome)
        try:
            await _write(work, events)
        except (NotFoundThere, ContactMerged) as fault:
            await _look_where_it_is(work, fault)
        except AlreadyThere as there:
            await _adopt(work, there)
        except ApiError as fault:
            outcome.fault = fault
        return outcome


async def _write(work: Work, events: Sequence[OutgoingEvent]) -> None:
    if work.diff.archives:
        await _archive(work)
        return
    if work.diff.restores and work.may("contacts"):
        await _restore(work)
    if work.diff.creates == LEAD and await is_lead_already(work):
        return
    await write_fields(work)
    if work.outcome.contact_id is None:
        return
    await write_tags(work, work.outcome.contact_id)
    await write_companies(work, work.outcome.contact_id)
    await send_events(work, work.outcome.contact_id, events)


async def _adopt(work: Work, there: AlreadyThere) -> None:
    """It exists: know it first; the next look decides what it lacks, row by row."""
    outcome = work.outcome
    if work.diff.contact_id is not None:
        await _join_user(work, there)
        return
    if there.is_archived:
        outcome.fault = there
        return
    try:
        outcome.records += await work.reader.read(Refetch("contact", there.contact_id))
    except ApiError as fault:
        outcome.fault = fault
        return
    outcome.contact_id, outcome.again = there.contact_id, True


async def _look_where_it_is(work: Work, fault: ApiError) -> None:
    """It is not where we thought: deleted, archived or merged."""
    if work.diff.contact_id is None:
        work.outcome.fault = fault
        return
    wanted = Refetch("contact", work.diff.contact_id)
    asked_at = work.tick()
    try:
        work.outcome.records += await work.reader.read(wanted)
    except NotFoundThere:
        work.outcome.records += gone(wanted, asked_at)
    except ApiError as again:
        work.outcome.fault = again


async def _join_user(work: Work, there: AlreadyThere) -> None:
    """A lead that is to become a user whom Intercom has already: the two are one."""
    lead_id = work.diff.contact_id or ""
    if not work.diff.converts or there.is_archived or there.contact_id == lead_id:
        work.outcome.fault = there
        return
    at = work.tick()
    try:
        user = await work.client.merge_contacts(lead_id=lead_id, user_id=there.contact_id)
    except ApiError as fault:
        work.outcome.fault = fault
        return
    merge = MergeRecord(source=lead_id, target=there.contact_id, at=at)
    work.outcome.records += [merge, work.record(user, at)]
    work.note("contact.merge", lead_id, after={"into": there.contact_id})


async def _restore(work: Work) -> None:
    contact_id = work.diff.contact_id or ""
    await work.client.unarchive_contact(contact_id)
    work.note("contact.unarchive", contact_id)


async def _archive(work: Work) -> None:
    contact_id, at = work.diff.contact_id or "", work.tick()
    await work.client.archive_contact(contact_id)
    work.outcome.records.append(
        DeletionRecord(kind="customer", external_id=contact_id, at=at, reason="archived")
    )
    work.note("contact.archive", contact_id)
