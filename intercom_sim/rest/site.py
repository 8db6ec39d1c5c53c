"""What the endpoints work on: the workspace, its search engines, its open scroll."""

from functools import cached_property

from intercom_sim.model import Admin, Company, Contact, Conversation, Tag
from intercom_sim.rest.errors import ApiError, not_found
from intercom_sim.rest.scroll import Scroll
from intercom_sim.search.contact_fields import contact_catalogue
from intercom_sim.search.conversation_fields import conversation_catalogue
from intercom_sim.search.engine import Engine
from intercom_sim.workspace import Workspace


class Site:
    """Finds things by id, refusing as Intercom would."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.scroll = Scroll()

    @cached_property
    def contact_engine(self) -> Engine[Contact]:
        workspace = self.workspace
        return Engine(
            catalogue=contact_catalogue(workspace),
            indexes={
                "updated_at": workspace.contacts_by_update,
                "created_at": workspace.contacts_by_creation,
            },
            zone=workspace.zone,
        )

    @cached_property
    def conversation_engine(self) -> Engine[Conversation]:
        workspace = self.workspace
        return Engine(
            catalogue=conversation_catalogue(workspace),
            indexes={
                "updated_at": workspace.conversations_by_update,
                "created_at": workspace.conversations_by_creation,
            },
            zone=workspace.zone,
        )

    def contact(self, contact_id: str) -> Contact:
        """A contact, archived or not; 404 if unknown, 410 if merged away."""
        contact = self.workspace.contacts.get(contact_id)
        if contact is None:
            raise not_found("User")
        if contact.merged_into is not None:
            link = f'</contacts/{contact.merged_into}>; rel="canonical"'
            message = f"Contact was merged into {contact.merged_into}"
            raise ApiError(410, "contact_merged", message, headers={"Link": link})
        return contact

    def conversation(self, conversation_id: str) -> Conversation:
        found = self.workspace.conversations.get(conversation_id)
        if found is None:
            raise not_found("Conversation", code="conversation_not_found")
        return found

    def company(self, company_id: str) -> Company:
        found = self.workspace.companies.get(company_id)
        if found is None:
            raise not_found("Company", code="company_not_found")
        return found

    def admin(self, admin_id: str) -> Admin:
        found = self.workspace.admins.get(admin_id)
        if found is None:
            raise not_found("Admin", code="admin_not_found")
        return found

    def tag(self, tag_id: str) -> Tag:
        found = self.workspace.tags.get(tag_id)
        if found is None:
            raise not_found("Tag", code="tag_not_found")
        return found
