"""Pure: a company's open conversations as its page shows them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pulsescore.connectors.intercom.addresses import conversation_url
from pulsescore.connectors.intercom.models import Connection
from pulsescore.store.models import Conversation, Customer


class Talk(NamedTuple):
    """A conversation with its people, its address in Intercom and who answers it."""

    row: Conversation
    people: list[Customer]
    url: str
    assignee: str


def waiting_talks(
    talks: Sequence[Conversation],
    *,
    people: Mapping[int, list[Customer]],
    connections: Mapping[int, Connection],
    names: Mapping[str, Mapping[str, str]],
) -> list[Talk]:
    """Conversations in the order given."""
    return [
        Talk(
            talk,
            people.get(talk.pk, []),
            conversation_url(connections[talk.source_id], talk.external_id)
            if talk.source_id in connections
            else "",
            names["admin"].get(talk.assignee_external_id or "")
            or names["team"].get(talk.team_external_id or "", ""),
        )
        for talk in talks
    ]
