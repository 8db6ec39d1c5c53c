"""Makes every object's bytes before the first client asks, so that serving costs only copying."""

from intercom_sim.shapes.company import company_bytes
from intercom_sim.shapes.contact import contact_bytes
from intercom_sim.shapes.conversation import conversation_bytes
from intercom_sim.workspace import Workspace

MOST = 150_000


def warm(workspace: Workspace, *, most: int = MOST) -> None:
    """Render up to `most` objects; beyond that, memory matters more than the first page."""
    if len(workspace.contacts) + len(workspace.conversations) > most:
        return
    for company in workspace.companies.values():
        company_bytes(company, workspace=workspace)
    for contact in workspace.contacts.values():
        contact_bytes(contact, workspace_id=workspace.identity.app_id)
    for conversation in workspace.conversations.values():
        conversation_bytes(conversation, workspace=workspace)
