"""A conversation as the REST API shows it: in lists without its parts, alone with them."""

from dataclasses import fields
from typing import Any

import msgspec

from intercom_sim.model import Conversation, Part, Rating, Source
from intercom_sim.shapes.company import company_bytes
from intercom_sim.shapes.contact import contact_reference
from intercom_sim.shapes.people import applied_tag_json, tag_json
from intercom_sim.shapes.text import plain_text
from intercom_sim.statistics import Statistics, derive
from intercom_sim.workspace import Workspace

Json = dict[str, Any]
NEWEST_PARTS = 500
FIGURES = tuple(one.name for one in fields(Statistics))


def conversation_json(conversation: Conversation, *, workspace: Workspace) -> Json:
    """What lists and searches show; times are unix seconds, bodies HTML."""
    people = [workspace.person(one) for one in conversation.contact_ids]
    tags = [
        applied_tag_json(workspace.tags[one], applied) for one, applied in conversation.tags.items()
    ]
    return {
        "type": "conversation",
        "id": conversation.id,
        "title": conversation.title,
        "created_at": conversation.created_at,
        "updated_at": conversation.updated_at,
        "waiting_since": conversation.waiting_since,
        "snoozed_until": conversation.snoozed_until,
        "open": conversation.state != "closed",
        "state": conversation.state,
        "read": conversation.read,
        "priority": conversation.priority,
        "admin_assignee_id": int(conversation.admin_assignee_id or 0),
        "team_assignee_id": int(conversation.team_assignee_id or 0),
        "company": _company(conversation, workspace=workspace),
        "tags": {"type": "tag.list", "tags": tags},
        "conversation_rating": rating_json(conversation.rating, workspace=workspace),
        "source": source_json(conversation.source, workspace=workspace),
        "contacts": {
            "type": "contact.list",
            "contacts": [contact_reference(one) for one in people],
        },
        "teammates": teammates_json(conversation),
        "custom_attributes": conversation.custom_attributes,
        "first_contact_reply": first_reply_json(conversation),
        "sla_applied": _sla(conversation),
        "statistics": statistics_json(conversation, workspace=workspace),
        "topics": {},
        "ticket": _ticket(conversation),
        "linked_objects": {"type": "list", "data": [], "total_count": 0, "has_more": False},
        "ai_agent_participated": conversation.bot_answered,
        "ai_agent": _ai_agent(conversation),
        "channel": {"initial": conversation.source.kind, "current": conversation.source.kind},
        "external_references": [],
    }


def conversation_bytes(conversation: Conversation, *, workspace: Workspace) -> bytes:
    """The list item's JSON, made once until it changes."""
    if conversation.wire is None:
        shape = conversation_json(conversation, workspace=workspace)
        conversation.wire = msgspec.json.encode(shape)
    return conversation.wire


def full_conversation_json(
    conversation: Conversation, *, workspace: Workspace, plaintext: bool = False
) -> Json:
    """A conversation with the newest of its parts; `plaintext` strips the markup."""
    shape = conversation_json(conversation, workspace=workspace)
    newest = conversation.parts[-NEWEST_PARTS:]
    shape["conversation_parts"] = parts_json(newest, workspace=workspace)
    return strip_markup(shape) if plaintext else shape


def parts_json(parts: list[Part], *, workspace: Workspace) -> Json:
    return {
        "type": "conversation_part.list",
        "conversation_parts": [part_json(one, workspace=workspace) for one in parts],
        "total_count": len(parts),
    }


def strip_markup(shape: Json) -> Json:
    """The same conversation with subject and bodies as plain text."""
    source = shape["source"]
    plain = {**source, "subject": plain_text(source["subject"]), "body": plain_text(source["body"])}
    listed = shape["conversation_parts"]
    parts = [
        {**part, "body": None if part["body"] is None else plain_text(part["body"])}
        for part in listed["conversation_parts"]
    ]
    return {**shape, "source": plain, "conversation_parts": {**listed, "conversation_parts": parts}}


def part_json(part: Part, *, workspace: Workspace) -> Json:
    return {
        "type": "conversation_part",
        "id": str(part.id),
        "part_type": part.kind,
        "body": None if part.redacted else part.body,
        "created_at": part.created_at,
        "updated_at": part.created_at,
        "notified_at": part.created_at,
        "assigned_to": _assigned_to(part),
        "author": {
            **author_json(part.author, workspace=workspace),
            "from_ai_agent": part.author.startswith("bot:"),
            "is_ai_answer": part.author.startswith("bot:"),
        },
        "attachments": [],
        "external_id": None,
        "redacted": part.redacted,
        "email_message_metadata": None,
        "metadata": None,
        "state": part.state,
        "tags": [tag_json(workspace.tags[one]) for one in part.tag_ids],
        "event_details": None,
        "app_package_code": None,
    }


def _assigned_to(part: Part) -> Json | None:
    if part.assigned_to is None:
        return None
    kind, _, one = part.assigned_to.partition(":")
    return {"type": kind, "id": one}


def author_json(author: str, *, workspace: Workspace) -> Json:
    """Who wrote something; people without an address get the one Intercom makes up."""
    kind, _, one = author.partition(":")
    if kind == "contact":
        contact = workspace.person(one)
        email = contact.email or f"{one}@noreply.intercom.example"
        return {"type": contact.role, "id": one, "name": contact.name, "email": email}
    admin = workspace.admins[one]
    return {"type": kind, "id": one, "name": admin.name, "email": admin.email}


def source_json(source: Source, *, workspace: Workspace) -> Json:
    return {
        "type": source.kind,
        "id": str(source.id),
        "delivered_as": source.delivered_as,
        "subject": source.subject,
        "body": source.body,
        "author": author_json(source.author, workspace=workspace),
        "attachments": [],
        "url": source.url,
        "redacted": source.redacted,
    }


def rating_json(rating: Rating | None, *, workspace: Workspace) -> Json | None:
    if rating is None or rating.rating is None:
        return None
    return {
        "rating": rating.rating,
        "remark": rating.remark or "",
        "created_at": rating.asked_at,
        "updated_at": rating.rated_at,
        "contact": contact_reference(workspace.person(rating.contact_id)),
        "teammate": {"type": "admin", "id": rating.admin_id},
    }


def teammates_json(conversation: Conversation) -> Json:
    """Everyone of ours who took part, in order of appearance."""
    authors = [conversation.source.author, *(part.author for part in conversation.parts)]
    admins = dict.fromkeys(one[6:] for one in authors if one.startswith("admin:"))
    listed = [{"type": "admin", "id": one} for one in admins]
    return {"type": "admin.list", "teammates": listed, "admins": listed}


def first_reply_json(conversation: Conversation) -> Json | None:
    """When a contact first wrote, be it the opening message or an answer to ours."""
    source = conversation.source
    if source.author.startswith("contact:"):
        at = conversation.created_at
    else:
        written = (one for one in conversation.parts if one.author.startswith("contact:"))
        first = next(written, None)
        if first is None:
            return None
        at = first.created_at
    return {"created_at": at, "type": source.kind, "url": source.url}


def statistics_json(conversation: Conversation, *, workspace: Workspace) -> Json | None:
    known = derive(conversation)
    if known is None:
        return None
    return {
        "type": "conversation_statistics",
        **{name: getattr(known, name) for name in FIGURES},
        **_team_times(conversation, known, workspace=workspace),
        "handling_time": 45 * known.count_conversation_parts,
        "adjusted_handling_time": None,
    }


def _team_times(conversation: Conversation, known: Statistics, *, workspace: Workspace) -> Json:
    team = workspace.teams.get(conversation.team_assignee_id or "")
    times: list[Json] = []
    if team is not None and known.time_to_admin_reply is not None:
        took = known.time_to_admin_reply
        times = [{"team_id": int(team.id), "team_name": team.name, "response_time": took}]
    return {
        "assigned_team_first_response_time": times,
        "assigned_team_first_response_time_in_office_hours": times,
    }


def _company(conversation: Conversation, *, workspace: Workspace) -> msgspec.Raw | None:
    company = workspace.companies.get(conversation.company_id or "")
    return None if company is None else msgspec.Raw(company_bytes(company, workspace=workspace))


def _sla(conversation: Conversation) -> Json | None:
    if conversation.sla is None:
        return None
    return {
        "type": "conversation_sla_summary",
        "sla_name": "First reply in 4 hours",
        "sla_status": conversation.sla,
    }


def _ticket(conversation: Conversation) -> Json | None:
    if conversation.ticket is None:
        return None
    return {
        "type": "ticket",
        "id": conversation.id,
        "ticket_id": conversation.ticket.ticket_id,
        "category": conversation.ticket.category,
        "title": conversation.ticket.title,
    }


def _ai_agent(conversation: Conversation) -> Json | None:
    if not conversation.bot_answered:
        return None
    return {
        "source_type": "workflow",
        "source_title": "First answer",
        "last_answer_type": "ai_answer",
        "resolution_state": "escalated",
        "rating": None,
        "rating_remark": None,
        "created_at": conversation.created_at,
        "updated_at": conversation.created_at,
        "content_sources": {
            "type": "content_source.list",
            "total_count": 0,
            "content_sources": [],
        },
    }
