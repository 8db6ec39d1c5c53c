"""Payloads of apps on version 2.5 and later; 2.15 changed some of them."""

from typing import Any

from intercom_sim.model import Company, Contact, Conversation, Part, Tag
from intercom_sim.shapes.company import company_json, plan_json
from intercom_sim.shapes.contact import contact_json
from intercom_sim.shapes.conversation import conversation_json, parts_json, strip_markup
from intercom_sim.webhooks.times import iso, thousandths
from intercom_sim.workspace import Workspace

Json = dict[str, Any]
COMPANY_TIMES = ("remote_created_at", "created_at", "updated_at", "last_request_at")
SINCE_2_15 = ("company", "channel", "topics")


class Modern:
    """Contacts and companies with ISO times; conversations with unix times.

    `old` is version 2.14 and before: statistics in ISO text, HTML bodies, null for nobody,
    two priorities, numeric owners, no company.
    """

    def __init__(self, workspace: Workspace, *, old: bool) -> None:
        self.workspace = workspace
        self.old = old

    def contact(self, contact: Contact) -> Json:
        shape = contact_json(contact, workspace_id=self.workspace.identity.app_id)
        fraction = thousandths(contact.id)
        for name, value in shape.items():
            if name.endswith("_at"):
                shape[name] = iso(value, milliseconds=fraction, zulu=self.old)
        if self.old and contact.owner_id is not None:
            shape["owner_id"] = int(contact.owner_id)
        return shape

    def conversation(
        self, conversation: Conversation, parts: tuple[Part, ...], *, tag: Tag | None = None
    ) -> Json:
        shape = conversation_json(conversation, workspace=self.workspace)
        shape["conversation_parts"] = parts_json(list(parts), workspace=self.workspace)
        mates = shape["teammates"]["admins"]
        shape["teammates"] = {"type": "admin.list", "admins": mates}
        _number_closer(shape["statistics"])
        return _before_2_15(shape) if self.old else strip_markup(shape)

    def company(self, company: Company) -> Json:
        shape = company_json(company, workspace=self.workspace)
        del shape["tags"], shape["segments"]
        for name in COMPANY_TIMES:
            shape[name] = iso(shape.get(name), zulu=True)
        plan = plan_json(company.plan) or None
        return {**shape, "plan": plan, "tag_ids": list(company.tag_ids)}


def _number_closer(statistics: Json | None) -> None:
    """`last_closed_by_id` is text in REST and a number here."""
    if statistics is not None and statistics["last_closed_by_id"] is not None:
        statistics["last_closed_by_id"] = int(statistics["last_closed_by_id"])


def _before_2_15(shape: Json) -> Json:
    older = {key: value for key, value in shape.items() if key not in SINCE_2_15}
    for name in ("admin_assignee_id", "team_assignee_id"):
        older[name] = shape[name] or None
    older["priority"] = "not_priority" if shape["priority"] == "none" else "priority"
    if shape["statistics"] is not None:
        older["statistics"] = {
            key: iso(value, zulu=True) if key.endswith("_at") else value
            for key, value in shape["statistics"].items()
        }
    return older
