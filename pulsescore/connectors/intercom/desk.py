"""Who sits behind the ids of stored conversations, and where Intercom shows them."""

from collections.abc import Iterable

from pulsescore.connectors.intercom.inbox.context import load_workspace
from pulsescore.connectors.intercom.inbox.workspace import Person, Workspace
from pulsescore.connectors.intercom.models import Connection
from pulsescore.store.models import Conversation


def workspaces_of(org_id: int, source_ids: Iterable[int]) -> dict[int, Workspace]:
    """The workspace behind each source that is one of Intercom, disconnected ones too."""
    wanted = set(source_ids)
    connections = Connection.objects.for_org(org_id).filter(source_id__in=wanted)
    return {connection.source_id: load_workspace(connection) for connection in connections}


def assignee_of(conversation: Conversation, workspace: Workspace | None) -> Person | None:
    """Who answers a conversation: its team mate, else its team; None where nobody does."""
    if workspace is None:
        return None
    admin, team = conversation.assignee_external_id, conversation.team_external_id
    return workspace.admins.get(admin or "") or workspace.teams.get(team or "")


def link_of(conversation: Conversation, workspace: Workspace | None) -> str | None:
    """Where Intercom shows a conversation."""
    return workspace.conversation_link(conversation.external_id) if workspace else None
