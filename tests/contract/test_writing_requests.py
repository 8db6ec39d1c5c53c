"""Every request of ours that writes is one that Intercom's description knows, and is accepted."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
import pytest

from intercom_sim.actions import companies, contacts
from intercom_sim.clock import ManualClock
from intercom_sim.generator.build import Size, generate
from intercom_sim.inprocess import answer
from intercom_sim.simulator import Simulator
from pulsescore.connectors.intercom.api.client import IntercomClient
from pulsescore.connectors.intercom.api.errors import WriteRefused
from pulsescore.connectors.intercom.api.session import Session
from pulsescore.connectors.intercom.api.wire import Answer, Params
from pulsescore.connectors.intercom.api.writes import Writes
from tests.contract.description import request_complaints

NOW = 1_790_000_000
Call = Callable[[IntercomClient], Awaitable[object]]


class Recorder:
    """Carries requests to a simulator without a network and keeps what was sent."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._headers: dict[str, str] = {}
        self.sent: list[tuple[str, str, Any]] = []

    async def open(self, headers: Mapping[str, str]) -> None:
        self._headers = {**headers}

    async def close(self) -> None:
        return

    async def send(
        self, method: str, path: str, *, params: Params | None, body: bytes | None
    ) -> Answer:
        self.sent.append((method, path, None if body is None else msgspec.json.decode(body)))
        reply = answer(
            self._simulator, method, path, query={}, headers=self._headers, body=body or b""
        )
        return Answer(reply.status, reply.headers, reply.body)


@pytest.fixture
def simulator() -> Simulator:
    """A user, a lead with the same address, an archived user, a company, a tag."""
    workspace = generate(Size(0), clock=ManualClock(NOW))
    made = Simulator(workspace)
    for role in ("user", "lead"):
        contacts.create_contact(workspace, role=role, email="one@two.example")  # type: ignore[arg-type]
    away = contacts.create_contact(workspace, email="away@two.example")
    contacts.archive(workspace, away.id)
    companies.save_company(workspace, company_id="k")
    return made


def calls(simulator: Simulator) -> dict[str, Call]:
    """One call of each writing method, in an order in which all of them succeed."""
    workspace = simulator.workspace
    user, lead, away = list(workspace.contacts)
    company = next(iter(workspace.companies))
    away_attribute = next(one for one in workspace.attributes if one.custom)
    tag, spare = list(workspace.tags)[:2]
    profile = {"name": None, "phone": "+1", "custom_attributes": {"seats": 3, "job_title": None}}
    firm = {"company_id": "k", "name": "K", "custom_attributes": {"account_tier": "A"}}

    return {
        "create_contact": lambda c: c.create_contact({"email": "new@two.example", "role": "lead"}),
        "update_contact": lambda c: c.update_contact(user, profile),
        "archive_contact": lambda c: c.archive_contact(user),
        "unarchive_contact": lambda c: c.unarchive_contact(away),
        "merge_contacts": lambda c: c.merge_contacts(lead_id=lead, user_id=user),
        "save_tag": lambda c: c.save_tag("At risk", tag_id=spare),
        "attach_tag": lambda c: c.attach_tag(user, tag),
        "detach_tag": lambda c: c.detach_tag(user, tag),
        "delete_tag": lambda c: c.delete_tag(tag),
        "save_company": lambda c: c.save_company(firm),
        "update_company": lambda c: c.update_company(company, {"size": 5}),
        "attach_company": lambda c: c.attach_company(user, company),
        "detach_company": lambda c: c.detach_company(user, company),
        "create_attribute": lambda c: c.create_attribute(
            model="contact", name="health-score", data_type="integer"
        ),
        "restore_attribute": lambda c: c.restore_attribute(str(away_attribute.id)),
        "send_event": lambda c: c.send_event(
            contact_id=user, name="Did it", created_at=NOW, metadata={"count": 2}
        ),
    }


def ask(call: Call, wire: Recorder, *, writable: bool) -> None:
    url = "http://intercom.example"

    async def once() -> None:
        session = Session(base_url=url, token="demo-token", writable=writable, wire=wire)
        async with IntercomClient(session) as client:
            await call(client)

    asyncio.run(once())


def test_every_writing_request_conforms_and_is_accepted(simulator: Simulator) -> None:
    wire = Recorder(simulator)
    for call in calls(simulator).values():
        ask(call, wire, writable=True)
    complaints = [
        f"{method} {path}: {one}"
        for method, path, body in wire.sent
        for one in request_complaints(method, path, body)
    ]
    assert complaints == []


def test_no_writing_method_is_forgotten_here(simulator: Simulator) -> None:
    ours = {name for name in vars(Writes) if not name.startswith("_")}
    assert set(calls(simulator)) == ours


def test_read_only_lets_none_of_them_as_far_as_the_wire(simulator: Simulator) -> None:
    wire = Recorder(simulator)
    for call in calls(simulator).values():
        with pytest.raises(WriteRefused):
            ask(call, wire, writable=False)
    assert wire.sent == []
    assert simulator.log.total_writes == 0


def test_a_wrong_request_would_be_noticed() -> None:
    assert request_complaints("PUT", "/contacts/1", {"name": 5}) != []
    assert request_complaints("PUT", "/contacts/1", {"nmae": "x"}) == ["nmae: is not described"]
    assert request_complaints("POST", "/contacts", {"name": "N"}) != []
    with pytest.raises(AssertionError):
        request_complaints("POST", "/users", {})
