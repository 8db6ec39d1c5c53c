"""What the control interface shows of things, as JSON."""

from typing import Any

from intercom_sim.model import (
    Company,
    Contact,
    Conversation,
    DataAttribute,
    Event,
    Note,
    Part,
    Tag,
    Visitor,
)
from intercom_sim.requestlog import Logged
from intercom_sim.simulator import Simulator
from intercom_sim.statistics import derive
from intercom_sim.webhooks.delivery import Delivery
from intercom_sim.workspace import Workspace

Json = dict[str, Any]


def overview(simulator: Simulator) -> Json:
    """The workspace in numbers, and the settings that matter to a client."""
    workspace = simulator.workspace
    states = [one.state for one in workspace.conversations.values()]
    return {
        "workspace": {
            "app_id": workspace.identity.app_id,
            "name": workspace.identity.name,
            "region": workspace.identity.region,
            "timezone": workspace.identity.timezone,
        },
        "now": workspace.now,
        "contacts": len(workspace.contacts),
        "companies": len(workspace.companies),
        "conversations": len(states),
        "open": states.count("open"),
        "snoozed": states.count("snoozed"),
        "closed": states.count("closed"),
        "requests": simulator.log.total,
        "writes": simulator.log.total_writes,
        "notifications": simulator.webhooks.log.total,
        "webhooks_idle": simulator.webhooks.idle,
    }


def result(made: object, *, workspace: Workspace) -> Json:
    """What an action gave back."""
    if isinstance(made, Contact):
        return {"contact": contact(made, workspace=workspace)}
    if isinstance(made, Conversation):
        return {"conversation": conversation(made)}
    if isinstance(made, Part):
        return {"part": {"id": made.id, "kind": made.kind, "state": made.state}}
    if isinstance(made, Company):
        return {"company": {"id": made.id, "company_id": made.company_id, "name": made.name}}
    if isinstance(made, Event | Note | Tag | DataAttribute | Visitor):
        return {"id": made.id}
    return {}


def contact(one: Contact, *, workspace: Workspace) -> Json:
    return {
        "id": one.id,
        "role": one.role,
        "email": one.email,
        "name": one.name,
        "external_id": one.external_id,
        "archived": one.archived,
        "last_seen_at": one.last_seen_at,
        "last_replied_at": one.last_replied_at,
        "updated_at": one.updated_at,
        "unsubscribed_from_emails": one.unsubscribed_from_emails,
        "tags": [workspace.tags[tag].name for tag in one.tags],
        "company_ids": one.company_ids,
        "custom_attributes": one.custom_attributes,
        "conversation_ids": one.conversation_ids,
    }


def conversation(one: Conversation) -> Json:
    figures = derive(one)
    return {
        "id": one.id,
        "title": one.title,
        "state": one.state,
        "contact_ids": one.contact_ids,
        "created_at": one.created_at,
        "updated_at": one.updated_at,
        "reopens": 0 if figures is None else figures.count_reopens,
        "parts": len(one.parts),
    }


def request(one: Logged) -> Json:
    return {
        "at": one.at,
        "method": one.method,
        "path": one.path,
        "query": one.query,
        "headers": one.headers,
        "body": one.body.decode(errors="replace"),
        "status": one.status,
        "request_id": one.request_id,
        "is_write": one.is_write,
    }


def delivery(one: Delivery) -> Json:
    attempts = [{"at": got.at, "status": got.status, "error": got.error} for got in one.attempts]
    return {
        "id": one.id,
        "topic": one.topic,
        "created_at": one.created_at,
        "fate": one.fate,
        "attempts": attempts,
        "body": one.body.decode(),
    }
