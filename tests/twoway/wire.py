"""The wire that sending goes over: faulty, and every write is judged as it passes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from intercom_sim.model import Tag
from intercom_sim.shapes.contact import contact_json
from intercom_sim.simulator import Simulator
from pulsescore.connectors.intercom.api import guard
from pulsescore.connectors.intercom.api.wire import Answer, Params
from tests.contract.description import request_complaints
from tests.convergence.faulty_wire import FaultyWire

Json = dict[str, Any]


@dataclass(frozen=True)
class Sent:
    """A request that could write, and what became of it.

    `changed`: something is different now. `made`: the id of a contact or tag that it brought about.
    """

    at: float
    method: str
    path: str
    body: Any
    status: int
    changed: bool
    made: str | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.body} -> {self.status}"


class JudgingWire(FaultyWire):
    """Keeps what was asked (`asked`), what was written (`sent`) and what was wrong about it."""

    def __init__(
        self,
        simulator: Simulator,
        *,
        faults: Mapping[int, str] | None = None,
        meanwhile: Callable[[int], None] = lambda _number: None,
        is_ours: Callable[[Tag], bool] = lambda _tag: True,
    ) -> None:
        super().__init__(simulator, faults=faults or {}, meanwhile=lambda _number: None)
        self._happen, self._is_ours = meanwhile, is_ours
        self._workspace = simulator.workspace
        self.asked: list[tuple[float, str, str]] = []
        self.sent: list[Sent] = []
        self.complaints: list[str] = []

    async def send(
        self, method: str, path: str, *, params: Params | None, body: bytes | None
    ) -> Answer:
        self._happen(self.requests)
        at = self._workspace.clock.time()
        self.asked.append((at, method, path))
        if guard.is_read(method, path):
            return await super().send(method, path, params=params, body=body)
        told = None if body is None else msgspec.json.decode(body)
        found = request_complaints(method, path, told)
        self.complaints += [f"{method} {path} {told}: {one}" for one in found]
        known = self._workspace.contacts.keys() | self._workspace.tags.keys()
        before, foreign, status = self._state(), self._foreign_tags(), 0
        try:
            answer = await super().send(method, path, params=params, body=body)
            status = answer.status
            return answer
        finally:
            changed = self._state() != before
            now = self._workspace.contacts.keys() | self._workspace.tags.keys()
            made = next(iter(now - known), None)
            self.sent.append(Sent(at, method, path, told, status, changed, made))
            if self._foreign_tags() != foreign and path != "/contacts/merge":
                self.complaints.append(f"{method} {path} {told}: changed a tag that is not ours")

    def _foreign_tags(self) -> Json:
        """Who bears which tags that no segment was ever called by."""
        made = {one.made for one in self.sent}
        tags = [one for one in self._workspace.tags.values() if one.id not in made]
        foreign = {one.id: one.name for one in tags if not self._is_ours(one)}
        people = self._workspace.contacts.values()
        return {"": foreign} | {
            one.id: sorted(borne) for one in people if (borne := foreign.keys() & one.tags.keys())
        }

    def _state(self) -> Json:
        """Everything that a write of ours can change, times of change left out."""
        workspace = self._workspace
        people = {
            one.id: {
                **contact_json(one, workspace_id="w"),
                "updated_at": None,
                "away": one.archived,
            }
            for one in workspace.contacts.values()
        }
        firms = {
            one.id: (one.company_id, one.name, one.plan, one.size, one.custom_attributes)
            for one in workspace.companies.values()
        }
        tags = {one.id: one.name for one in workspace.tags.values()}
        attributes = [(one.name, one.archived) for one in workspace.attributes]
        events = {one: len(told) for one, told in workspace.events.items()}
        return msgspec.to_builtins(
            {"people": people, "firms": firms, "tags": tags, "known": attributes, "events": events}
        )
