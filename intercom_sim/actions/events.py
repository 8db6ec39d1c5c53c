"""Events that the customer's own program reports."""

from intercom_sim.actions.errors import ActionError
from intercom_sim.actions.lookup import find_contact
from intercom_sim.changes import Change
from intercom_sim.model import Event, Value
from intercom_sim.workspace import Workspace

MOST_NAMES = 120


def track(
    workspace: Workspace, contact_id: str, *, name: str, metadata: dict[str, Value], at: int
) -> Event:
    """Record an event; the same person, name and second count once."""
    with workspace.lock:
        contact = find_contact(workspace, contact_id)
        if name not in workspace.event_names and len(workspace.event_names) >= MOST_NAMES:
            raise ActionError(f"{MOST_NAMES} kinds of events are tracked already", reason="invalid")
        known = workspace.events.setdefault(contact_id, [])
        for one in known:
            if one.name == name and one.created_at == at:
                return one
        event = Event(workspace.ids.uuid(), name, at, contact_id, metadata)
        workspace.event_names.add(name)
        known.append(event)
        known.sort(key=lambda one: one.created_at)
        now = workspace.clock.time()
        workspace.announce(Change("event_tracked", now, contact=contact, event=event))
        return event
