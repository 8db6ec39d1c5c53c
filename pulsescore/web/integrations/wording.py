"""Pure: Intercom's addresses, topics and phases as an admin reads them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, NamedTuple, Protocol
from urllib.parse import quote

from pulsescore.connectors.intercom.addresses import workspace_url

_GROUPS: Final = (
    ("Contacts and their tags", ("contact.", "visitor.")),
    ("Conversations", ("conversation.", "conversation_part.")),
    ("Companies", ("company.",)),
    ("Events", ("event.",)),
)


class Workspace(Protocol):
    """What an address in Intercom needs of a connection."""

    region: str
    workspace_id: str


class TopicState(NamedTuple):
    """A topic to subscribe, and when it last arrived."""

    name: str
    last_at: datetime | None


def topic_groups(
    topics: Iterable[str], last: Mapping[str, datetime]
) -> list[tuple[str, list[TopicState]]]:
    """Topics by what they concern, each with its last delivery."""
    known = list(topics)
    return [
        (title, [TopicState(name, last.get(name)) for name in known if name.startswith(prefixes)])
        for title, prefixes in _GROUPS
    ]


def conversation_url(connection: Workspace, conversation_id: str) -> str:
    """Where a conversation opens in Intercom."""
    home = workspace_url(connection.region, connection.workspace_id)
    return f"{home}/conversations/{quote(conversation_id, safe='')}"


def contact_url(connection: Workspace, contact_id: str) -> str:
    """Where a contact opens in Intercom."""
    home = workspace_url(connection.region, connection.workspace_id)
    return f"{home}/users/{quote(contact_id, safe='')}"
