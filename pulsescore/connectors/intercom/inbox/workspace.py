"""What a notification needs to know of its workspace: names behind ids, and its address."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

_APP_HOSTS: Final = {
    "us": "app.intercom.com",
    "eu": "app.eu.intercom.com",
    "au": "app.au.intercom.com",
}


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
        host = _APP_HOSTS.get(self.region, _APP_HOSTS["us"])
        return f"https://{host}/a/apps/{self.workspace_id}/conversations/{external_id}"
