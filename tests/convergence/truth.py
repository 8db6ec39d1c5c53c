"""What is true of a workspace, read from the simulator's own state by rules written here anew."""

from datetime import datetime
from math import nan
from typing import Any

import numpy as np

from intercom_sim.model import Company, Contact, Conversation
from intercom_sim.statistics import Statistics, derive
from intercom_sim.workspace import Workspace
from pulsescore.scoring.config import DEFAULTS
from pulsescore.scoring.factors import LEVELS, NO_SCORE, Signals, evaluate
from tests.convergence.facts import Facts, World

_DAY = 86_400
_LONGEST_RESOLUTION = 336 * 3600


def truth_of(workspace: Workspace, *, now: datetime) -> World:
    """Everybody with an address, their companies and conversations, and how healthy they are."""
    people = {
        one.id: one
        for one in workspace.contacts.values()
        if not one.archived and one.merged_into is None and one.email
    }
    talks = {
        one.id: one
        for one in workspace.conversations.values()
        if any(person in people for person in one.contact_ids)
    }
    world = World(
        customers={key: _customer(one, workspace) for key, one in people.items()},
        companies={key: _company(one, workspace) for key, one in workspace.companies.items()},
        conversations={key: _conversation(one, workspace) for key, one in talks.items()},
        people={(key, one) for key, talk in talks.items() for one in talk.contact_ids}
        & {(key, one) for key in talks for one in people},
        firms={(firm, key) for key, one in people.items() for firm in one.company_ids},
        segments={(name, key) for key, one in people.items() for name in _segments(one)},
    )
    world.scores = _scores(people, talks, now=now)
    return world


def _segments(one: Contact) -> list[str]:
    pays = one.custom_attributes.get("plan") in ("Team", "Scale")
    return ["All Users" if one.role == "user" else "All Leads", *(["Paying"] if pays else [])]


def _customer(one: Contact, workspace: Workspace) -> Facts:
    return {
        "email": one.email,
        "name": one.name,
        "phone": one.phone,
        "role": one.role,
        "own_id": one.external_id if one.role == "user" else None,
        "unsubscribed": one.unsubscribed_from_emails,
        "first_seen_at": one.created_at,
        "signed_up_at": one.signed_up_at,
        "last_seen_at": one.last_seen_at,
        "last_replied_at": one.last_replied_at,
        "last_contacted_at": one.last_contacted_at,
        "updated_at": one.updated_at,
        "tags": sorted(workspace.tags[tag].name for tag in one.tags),
        "companies": sorted(one.company_ids),
        "attributes": one.custom_attributes,
    }


def _company(one: Company, workspace: Workspace) -> Facts:
    return {
        "key": one.company_id,
        "name": one.name,
        "plan": one.plan,
        "size": one.size,
        "monthly_spend": one.monthly_spend,
        "updated_at": one.updated_at,
        "tags": sorted(workspace.tags[tag].name for tag in one.tag_ids),
    }


def _conversation(one: Conversation, workspace: Workspace) -> Facts:
    told = derive(one) or Statistics()
    rating = one.rating
    return {
        "status": one.state,
        "subject": one.source.subject or one.title or None,
        "opened_at": one.created_at,
        "updated_at": one.updated_at,
        "closed_at": told.last_close_at,
        "waiting_since": one.waiting_since,
        "snoozed_until": one.snoozed_until,
        "last_admin_reply_at": told.last_admin_reply_at,
        "last_contact_reply_at": told.last_contact_reply_at,
        "first_response_secs": told.time_to_admin_reply,
        "resolution_secs": told.time_to_last_close,
        "reopens": told.count_reopens,
        "assignments": told.count_assignments,
        "assignee": one.admin_assignee_id,
        "team": one.team_assignee_id,
        "priority": one.priority,
        "rating": rating.rating if rating else None,
        "remark": rating.remark if rating else None,
        "tags": sorted({workspace.tags[tag].name for tag in one.tags}),
        "contacts": sorted(one.contact_ids),
    }


def _scores(
    people: dict[str, Contact], talks: dict[str, Conversation], *, now: datetime
) -> dict[str, tuple[int | None, str | None]]:
    if not people:
        return {}
    rows = [
        _signals(one, [talk for talk in talks.values() if one.id in talk.contact_ids], now=now)
        for one in people.values()
    ]
    columns = {name: np.array([row[name] for row in rows], dtype=np.float64) for name in rows[0]}
    ids = np.arange(len(rows), dtype=np.int64)
    outcome = evaluate(Signals(customer_ids=ids, **columns), DEFAULTS, now)
    return {
        key: (None if score == NO_SCORE else int(score), LEVELS[level])
        for key, score, level in zip(people, outcome.scores, outcome.levels, strict=True)
    }


def _signals(one: Contact, talks: list[Conversation], *, now: datetime) -> dict[str, float]:
    present = now.timestamp()
    told = {talk.id: derive(talk) or Statistics() for talk in talks}
    recent = [talk for talk in talks if talk.updated_at >= present - 90 * _DAY]
    solved = [told[talk.id].time_to_last_close for talk in recent]
    secs = [min(max(one, 0), _LONGEST_RESOLUTION) for one in solved if one is not None]
    latest = max(talks, key=lambda talk: (talk.created_at, talk.id), default=None)
    end = told[latest.id] if latest else Statistics()
    return {
        "conversations": len(talks),
        "open_tickets": sum(talk.state == "open" for talk in talks),
        "resolution_secs": sum(secs),
        "resolutions": len(secs),
        "recent_conversations": len(recent),
        "reopens": sum(
            told[talk.id].count_reopens for talk in talks if talk.updated_at >= present - 30 * _DAY
        ),
        "last_seen_at": _number(one.last_seen_at),
        "last_replied_at": _number(one.last_replied_at),
        "latest_activity_at": _number(max((talk.updated_at for talk in talks), default=None)),
        "latest_created_at": _number(latest and latest.created_at),
        "latest_closed": float(bool(latest and latest.state == "closed")),
        "latest_closed_at": _number(end.last_close_at),
        "latest_updated_at": _number(latest and latest.updated_at),
        "latest_admin_reply_at": _number(end.last_admin_reply_at),
    }


def _number(value: Any) -> float:
    return nan if value is None else float(value)
