"""Payloads that are simply what the REST API shows, under the plain names of the guide."""

from typing import Any

from intercom_sim.model import Company, Contact, Conversation, Part, Tag
from intercom_sim.shapes.company import company_json
from intercom_sim.shapes.contact import contact_json
from intercom_sim.shapes.conversation import conversation_json, parts_json
from intercom_sim.workspace import Workspace

Json = dict[str, Any]


class RestLike:
    """Unix times everywhere, parts limited to those that caused the notification."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def contact(self, contact: Contact) -> Json:
        return contact_json(contact, workspace_id=self.workspace.identity.app_id)

    def conversation(
        self, conversation: Conversation, parts: tuple[Part, ...], *, tag: Tag | None = None
    ) -> Json:
        shape = conversation_json(conversation, workspace=self.workspace)
        listed = parts_json(list(parts), workspace=self.workspace)
        return {**shape, "conversation_parts": listed}

    def company(self, company: Company) -> Json:
        return company_json(company, workspace=self.workspace)
