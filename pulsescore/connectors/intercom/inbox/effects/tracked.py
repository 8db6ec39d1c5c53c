"""Events that the customer's own product sent to Intercom."""

from pulsescore.connectors.intercom.inbox import events
from pulsescore.connectors.intercom.inbox.effects.telling import (
    CannotUnderstand,
    Effect,
    Refetch,
    Telling,
)
from pulsescore.connectors.intercom.inbox.json_values import JsonObject, as_text


def tracked(telling: Telling) -> Effect:
    """A timeline entry for the person; one known by your own id only is looked up."""
    contact = contact_in(telling.item) or telling.workspace.people.get(
        own_user_id_in(telling.item) or ""
    )
    if contact is None:
        own = own_user_id_in(telling.item)
        if own is None:
            raise CannotUnderstand("the event names no person")
        return Effect(refetch=[Refetch("person", own)])
    event = events.tracked_event(telling.notification, contact=contact, at=telling.at)
    if event is None:
        raise CannotUnderstand("the event has no name")
    return Effect(records=[event])


def contact_in(item: JsonObject) -> str | None:
    """The contact's id at Intercom."""
    return as_text(item.get("intercom_user_id"))


def own_user_id_in(item: JsonObject) -> str | None:
    """The person's id in the customer's own product."""
    return as_text(item.get("user_id"))
