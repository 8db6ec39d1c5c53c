"""The item of a notification, made from a change in the words of a dialect."""

from collections.abc import Callable
from typing import Any

from intercom_sim.changes import Change
from intercom_sim.model import Company, Contact, Conversation, Event
from intercom_sim.shapes.people import event_json, subscription_json, tag_json
from intercom_sim.webhooks.dialect import Dialect
from intercom_sim.webhooks.legacy import Legacy
from intercom_sim.webhooks.times import iso

Json = dict[str, Any]
TAKES_PART = ("contact_subscribed", "subscription_taken")
Item = Callable[[Change, Dialect], Json]


def _contact(change: Change) -> Contact:
    if change.contact is None:
        raise ValueError(f"{change.kind} is not about a contact")
    return change.contact


def _conversation(change: Change) -> Conversation:
    if change.conversation is None:
        raise ValueError(f"{change.kind} is not about a conversation")
    return change.conversation


def _company(change: Change) -> Company:
    if change.company is None:
        raise ValueError(f"{change.kind} is not about a company")
    return change.company


def contact(change: Change, dialect: Dialect) -> Json:
    return dialect.contact(_contact(change))


def tagged_contact(change: Change, dialect: Dialect) -> Json:
    """A tag and the contact it was put on or taken off."""
    tag = None if change.tag is None else tag_json(change.tag)
    at = int(change.at)
    shape = dialect.contact(_contact(change))
    return {"type": "contact_tag", "created_at": at, "tag": tag, "contact": shape}


def tagged_user(change: Change, dialect: Dialect) -> Json:
    tag = None if change.tag is None else tag_json(change.tag)
    return {"type": "user_tag", "tag": tag, "user": dialect.contact(_contact(change))}


def subscription(change: Change, dialect: Dialect) -> Json:
    """Which contact wants, or no longer wants, to hear from us, and of what."""
    verb = "subscribe" if change.kind in TAKES_PART else "unsubscribe"
    kind = change.subscription
    return {
        "type": f"contact_{verb}",
        "contact": dialect.contact(_contact(change)),
        "subscription_types": {"type": "list", "data": [subscription_json(kind)] if kind else []},
        "created_at": int(change.at),
    }


def granular(change: Change, dialect: Dialect) -> Json:
    """The same under the newer name, which is always that of unsubscribing."""
    return {**subscription(change, dialect), "type": "granular_unsubscribe"}


def signed_up_visitor(change: Change, dialect: Dialect) -> Json:
    """The shape of the first API, also today."""
    return Legacy(dialect.workspace).contact(_contact(change))


def archived(change: Change, dialect: Dialect) -> Json:
    return {**_identity(change), "archived": True}


def deleted(change: Change, dialect: Dialect) -> Json:
    return {**_identity(change), "deleted": True}


def _identity(change: Change) -> Json:
    one = _contact(change)
    return {"type": "contact", "id": one.id, "external_id": one.external_id}


def deleted_user(change: Change, dialect: Dialect) -> Json:
    one = _contact(change)
    kind = "user" if one.role == "user" else "contact"
    return {"type": kind, "id": one.id, "user_id": one.external_id, "email": one.email}


def merged(change: Change, dialect: Dialect) -> Json:
    """The surviving contact, and who went into it."""
    shape = dialect.contact(_contact(change))
    if change.other is None:
        return shape
    return {**shape, "merged_from": {"type": "contact", "id": change.other.id}}


def merged_away(change: Change, dialect: Dialect) -> Json:
    if change.other is None:
        raise ValueError("a merge has two contacts")
    other = change.other
    return {"type": "contact", "id": other.id, "external_id": other.external_id, "deleted": True}


def conversation(change: Change, dialect: Dialect) -> Json:
    return dialect.conversation(_conversation(change), change.parts, tag=change.tag)


def deleted_conversation(change: Change, dialect: Dialect) -> Json:
    """Nothing but the id, under another name than everywhere else."""
    return {"type": "conversation", "conversation_id": _conversation(change).id}


def participant(change: Change, dialect: Dialect) -> Json:
    """Intercom shows its own inner shape here, ids as numbers."""
    one = _conversation(change)
    model = {
        "id": int(one.id),
        "user_id": _contact(change).id,
        "created_at": iso(one.created_at, zulu=True),
        "updated_at": iso(one.updated_at, zulu=True),
    }
    return {
        "conversation": {"parts": [], "options": {}, "model": model},
        "contact": dialect.contact(_contact(change)),
    }


def company(change: Change, dialect: Dialect) -> Json:
    return dialect.company(_company(change))


def deleted_company(change: Change, dialect: Dialect) -> Json:
    return {"type": "company", "id": _company(change).id, "deleted": True}


def membership(change: Change, dialect: Dialect) -> Json:
    """A company and a contact, without a type."""
    return {
        "company": dialect.company(_company(change)),
        "contact": dialect.contact(_contact(change)),
    }


def event(change: Change, dialect: Dialect) -> Json:
    known: Event | None = change.event
    if known is None:
        raise ValueError("no event to tell")
    one = _contact(change)
    return event_json(known, email=one.email, external_id=one.external_id)


def ping(change: Change, dialect: Dialect) -> Json:
    message = "A test of the address and the secret"
    return {"type": "ping", "message": message}
