"""Between the workspace and us: keeps each notification until a case delivers or loses it."""

import msgspec

from intercom_sim.changes import Change
from intercom_sim.webhooks.envelope import envelope
from intercom_sim.webhooks.notifications import notifications
from intercom_sim.webhooks.signing import signature
from intercom_sim.workspace import Workspace

Mail = tuple[dict[str, str], bytes]


class Courier:
    """Writes down what a workspace tells, in one generation of payloads, signed."""

    def __init__(self, workspace: Workspace, *, generation: str, secret: str) -> None:
        self._workspace = workspace
        self._generation = generation
        self._secret = secret
        self.waiting: list[Mail] = []
        self.delivered: list[Mail] = []
        workspace.subscribe(self._notice)

    def _notice(self, change: Change) -> None:
        made = notifications(change, generation=self._generation, workspace=self._workspace)
        app_id = self._workspace.identity.app_id
        for topic, item in made:
            body = msgspec.json.encode(envelope(topic, item, app_id=app_id, at=change.at))
            seal = signature(body, client_secret=self._secret)
            self.waiting.append(({"X-Hub-Signature": seal}, body))

    def take(self, pick: int, count: int) -> list[Mail]:
        """Up to that many notifications, from some place in the queue on."""
        if not self.waiting:
            return []
        start = pick % len(self.waiting)
        taken = self.waiting[start : start + count]
        del self.waiting[start : start + count]
        self.delivered += taken
        return taken

    def again(self, pick: int, count: int) -> list[Mail]:
        """Some that were delivered before."""
        if not self.delivered:
            return []
        start = pick % len(self.delivered)
        return self.delivered[start : start + count]

    def put_back(self, mails: list[Mail]) -> None:
        """These were not acknowledged: they will come again, or be lost."""
        self.waiting += mails
