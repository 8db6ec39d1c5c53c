"""Where people reach Intercom in the browser, by the region that hosts a workspace. Pure."""

from typing import Final, Protocol
from urllib.parse import quote

WEB_URLS: Final = {
    "us": "https://app.intercom.com",
    "eu": "https://app.eu.intercom.com",
    "au": "https://app.au.intercom.com",
}

# A record that had no id is listed under one made of its content.
_MADE_UP: Final = "unreadable-"


class Workspace(Protocol):
    """What an address in Intercom needs of a connection."""

    region: str
    workspace_id: str


def web_url(region: str) -> str:
    """Intercom's web app in a region; an unknown region is served by the first."""
    return WEB_URLS.get(region, WEB_URLS["us"])


def workspace_url(region: str, workspace_id: str) -> str:
    """A workspace in Intercom's web app."""
    return f"{web_url(region)}/a/apps/{quote(workspace_id, safe='')}"


def conversation_url(connection: Workspace, conversation_id: str) -> str:
    """Where a conversation opens in Intercom."""
    home = workspace_url(connection.region, connection.workspace_id)
    return f"{home}/conversations/{quote(conversation_id, safe='')}"


def contact_url(connection: Workspace, contact_id: str) -> str:
    """Where a contact opens in Intercom."""
    home = workspace_url(connection.region, connection.workspace_id)
    return f"{home}/users/{quote(contact_id, safe='')}"


def record_url(connection: Workspace, kind: str, external_id: str) -> str:
    """Where a skipped record opens in Intercom; empty where it has no page or no id of its own."""
    if external_id.startswith(_MADE_UP):
        return ""
    if kind == "customer":
        return contact_url(connection, external_id)
    return conversation_url(connection, external_id) if kind == "conversation" else ""
