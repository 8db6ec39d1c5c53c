"""What a notification needs to know of its workspace: names behind ids, and its address."""

from collections.abc import Mapping

from msgspec import Struct

from pulsescore.connectors.intercom.addresses import workspace_url


class Person(Struct, frozen=True):
    """A team mate or team in Intercom."""

    name: str | None = None
    email: str | None = None


class Workspace(Struct, frozen=True, kw_only=True):
    """One workspace: `people` maps your own user ids to contact ids, as far as they are known."""

    workspace_id: str = ""
    region: str = "us"
    admins: Mapping[str, Person] = {}
    teams: Mapping[str, Person] = {}
    tags: Mapping[str, str] = {}
    people: Mapping[str, str] = {}
    mirrored_tags: frozenset[str] = frozenset()

    def conversation_link(self, external_id: str) -> str:
        """Where the conversation is seen in Intercom."""
        workspace = workspace_url(self.region, self.workspace_id)
        return f"{workspace}/conversations/{external_id}"
