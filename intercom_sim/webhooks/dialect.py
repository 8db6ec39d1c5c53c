"""What a generation of payloads has to know how to say."""

from typing import Any, Protocol

from intercom_sim.model import Company, Contact, Conversation, Part, Tag
from intercom_sim.workspace import Workspace

Json = dict[str, Any]


class Dialect(Protocol):
    """One generation's shapes."""

    workspace: Workspace

    def contact(self, contact: Contact) -> Json: ...

    def conversation(
        self, conversation: Conversation, parts: tuple[Part, ...], *, tag: Tag | None = None
    ) -> Json: ...

    def company(self, company: Company) -> Json: ...
