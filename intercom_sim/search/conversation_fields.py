"""The fields by which conversations can be searched; times count to the second."""

from collections.abc import Callable
from dataclasses import fields as members
from typing import Any

from intercom_sim.model import Conversation
from intercom_sim.search.fields import FLAG, IDS, NUMBER, SECOND, TEXT, Catalogue, Field
from intercom_sim.shapes.conversation import author_json, teammates_json
from intercom_sim.statistics import Statistics, derive
from intercom_sim.workspace import Workspace

FieldMap = dict[str, Field[Conversation]]
DATES = ("created_at", "updated_at", "waiting_since", "snoozed_until")
SOURCE = ("kind", "id", "delivered_as", "subject", "body", "url")
RATING_DATES = {"requested_at": "asked_at", "replied_at": "rated_at"}


def conversation_catalogue(workspace: Workspace) -> Catalogue[Conversation]:
    """The catalogue of this workspace."""
    fields = FIXED | _authors(workspace)
    return Catalogue(fields=fields, custom=lambda name: None, whole_days=False)


def _attribute(name: str) -> Callable[[Conversation], Any]:
    return lambda conversation: getattr(conversation, name)


def _source(name: str) -> Callable[[Conversation], Any]:
    return lambda conversation: getattr(conversation.source, name)


def _rating(name: str) -> Callable[[Conversation], Any]:
    return lambda conversation: getattr(conversation.rating, name, None)


def _statistic(name: str) -> Callable[[Conversation], Any]:
    return lambda conversation: getattr(derive(conversation), name, None)


def _assignee(name: str) -> Callable[[Conversation], Any]:
    return lambda conversation: int(getattr(conversation, name) or 0)


def _authors(workspace: Workspace) -> FieldMap:
    def read(name: str) -> Callable[[Conversation], Any]:
        return lambda one: author_json(one.source.author, workspace=workspace)[name]

    return {
        f"source.author.{name}": Field("string", read(name), TEXT)
        for name in ("id", "type", "name", "email")
    }


def _teammates(conversation: Conversation) -> list[str]:
    return [one["id"] for one in teammates_json(conversation)["teammates"]]


def _statistics() -> FieldMap:
    fields: FieldMap = {}
    for member in members(Statistics):
        is_date = member.name.endswith("_at")
        kind = Field("date", _statistic(member.name), SECOND)
        number = Field("integer", _statistic(member.name), NUMBER)
        fields[f"statistics.{member.name}"] = kind if is_date else number
    fields["statistics.last_closed_by_id"] = Field("string", _statistic("last_closed_by_id"), TEXT)
    return fields


def _ratings() -> FieldMap:
    fields: FieldMap = {
        f"conversation_rating.{name}": Field("date", _rating(member), SECOND)
        for name, member in RATING_DATES.items()
    }
    fields["conversation_rating.score"] = Field("integer", _rating("rating"), NUMBER)
    fields["conversation_rating.remark"] = Field("string", _rating("remark"), TEXT)
    fields["conversation_rating.contact_id"] = Field("string", _rating("contact_id"), TEXT)
    fields["conversation_rating.admin_d"] = Field("string", _rating("admin_id"), TEXT)
    return fields


def _fixed() -> FieldMap:
    fields: FieldMap = {name: Field("date", _attribute(name), SECOND) for name in DATES}
    fields |= {name: Field("string", _attribute(name), TEXT) for name in ("id", "state")}
    fields["priority"] = Field("string", _attribute("priority"), TEXT)
    fields |= {f"source.{name}": Field("string", _source(name), TEXT) for name in SOURCE[1:]}
    fields["source.type"] = Field("string", _source("kind"), TEXT)
    fields["channel_initiated"] = fields["source.type"]
    fields["open"] = Field("boolean", lambda one: one.state != "closed", FLAG)
    fields["read"] = Field("boolean", _attribute("read"), FLAG)
    fields["ai_agent_participated"] = Field("boolean", _attribute("bot_answered"), FLAG)
    for name in ("admin_assignee_id", "team_assignee_id"):
        fields[name] = Field("integer", _assignee(name), NUMBER)
    fields["contact_ids"] = Field("ids", _attribute("contact_ids"), IDS)
    fields["tag_ids"] = Field("ids", _attribute("tags"), IDS)
    fields["teammate_ids"] = Field("ids", _teammates, IDS)
    return fields | _statistics() | _ratings()


FIXED = _fixed()
