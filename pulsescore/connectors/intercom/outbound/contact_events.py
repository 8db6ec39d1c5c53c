"""Sending one contact: events that our own sources told of it."""

from collections.abc import Sequence

from pulsescore.connectors.intercom.api.errors import RequestRefused
from pulsescore.connectors.intercom.outbound.contact_work import NOT_PERMITTED, Work
from pulsescore.connectors.intercom.outbound.metadata import metadata_of
from pulsescore.connectors.intercom.outbound.models import OutgoingEvent


async def send_events(work: Work, contact_id: str, events: Sequence[OutgoingEvent]) -> None:
    """Tell what happened, each under the second that is its own."""
    for one in events:
        if work.may("events"):
            await _send_event(work, contact_id, one)


async def _send_event(work: Work, contact_id: str, one: OutgoingEvent) -> None:
    metadata = metadata_of(one.event.properties)
    try:
        await work.client.send_event(
            contact_id=contact_id, name=one.name, created_at=one.second, metadata=metadata
        )
    except NOT_PERMITTED as fault:
        work.bar("events", fault)
    except RequestRefused as fault:
        message = fault.failure.message or fault.failure.code
        work.outcome.events_refused.append((one, message))
        work.note("event", contact_id, after={"name": one.name}, error=message)
    else:
        work.outcome.events_sent.append(one)
        after = {"name": one.name, "created_at": one.second, "metadata": metadata}
        work.note("event", contact_id, after=after)
