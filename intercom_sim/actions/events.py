"""Events that the customer's own program reports."""

from intercom_sim.changes import Change
from intercom_sim.model import Event, Value
from intercom_sim.workspace import Workspace


def track(
    workspace: Workspace, contact_id: str, *, name: str, metadata: dict[str, Value], at: int
) -> Event:
    """Record an event; the same person, name and second count once."""
    with workspace.lock:
        contact = workspace.contacts[contact_id]
        known = workspace.events.setdefault(contact_id, [])
        for one in known:
            if one.name == name and one.created_at == at:
                return one
        event = Event(workspace.ids.uuid(), name, at, contact_id, metadata)
        known.append(event)
        known.sort(key=lambda one: one.created_at)
        now = workspace.clock.time()
        workspace.announce(Change("event_tracked", now, contact=contact, event=event))
        return event
