"""A backlog of mixed notifications, drained until every score is current.

People come, change, are tagged and leave; conversations are begun, answered, closed, reopened and
assigned, a second apart. The notifications are stored as the endpoint stores them; measured is the
worker alone: reading them, applying them, reading again at the simulator (in this process, at once)
what they told too little of, and scoring whoever changed. There is no floor: the target is a rate.
"""

import argparse
import asyncio
import random
import time
from collections.abc import Mapping
from typing import Any

import msgspec

from benchmarks import report, world
from benchmarks.importing import product
from benchmarks.report import Result
from benchmarks.webhook_accept import SECRET, WORKSPACE, connect
from intercom_sim.actions import contacts, conversations, inbox
from intercom_sim.changes import Change
from intercom_sim.clock import ManualClock
from intercom_sim.generator.build import Size, generate
from intercom_sim.inprocess import answer
from intercom_sim.simulator import Simulator
from intercom_sim.webhooks.envelope import envelope
from intercom_sim.webhooks.notifications import notifications
from intercom_sim.webhooks.signing import signature
from intercom_sim.workspace import Identity, Workspace

TARGET = 1_000
STARTS_AT = 1_768_000_000


class Backlog:
    """What a workspace told, as signed bodies."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.bodies: list[bytes] = []
        workspace.subscribe(self._notice)

    def _notice(self, change: Change) -> None:
        made = notifications(change, generation="current", workspace=self._workspace)
        self.bodies += [
            msgspec.json.encode(envelope(topic, item, app_id=WORKSPACE, at=change.at))
            for topic, item in made
        ]


class SimulatorWire:
    """Requests of the worker, answered by the simulator in this process."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._headers: dict[str, str] = {}

    async def open(self, headers: Mapping[str, str]) -> None:
        self._headers = {**headers}

    async def close(self) -> None:
        return

    async def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None,
        body: bytes | None,
    ) -> Any:
        query = {name: str(value) for name, value in (params or {}).items()}
        reply = answer(
            self._simulator, method, path, query=query, headers=self._headers, body=body or b""
        )
        kind = product("connectors.intercom.api.wire").Answer
        return kind(reply.status, reply.headers, reply.body)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="1,000 notifications")
    small = parser.parse_args().small
    count = 1_000 if small else 50_000
    clock = ManualClock(STARTS_AT)
    workspace = generate(Size(0), clock=clock, identity=Identity(app_id=WORKSPACE))
    simulator = Simulator(workspace)
    backlog = Backlog(workspace)
    while len(backlog.bodies) < count:
        _live(workspace, clock, random.Random(len(backlog.bodies)))
    with world.database():
        org_id, connection_id = connect()
        _seal_token(connection_id, simulator)
        _let_in(backlog.bodies)
        seconds = _drain(org_id, connection_id, simulator)
    report.show([_result(len(backlog.bodies), seconds, small=small)])


def _live(workspace: Workspace, clock: ManualClock, dice: random.Random) -> None:
    """A person and what happens around them, a second between two things."""

    def step() -> None:
        clock.advance(1)

    one = contacts.create_contact(workspace, email=f"{dice.random()}@example.com", name="Ada")
    step()
    contacts.update_contact(workspace, one.id, custom_attributes={"seats": dice.randrange(9)})
    step()
    contacts.tag_contact(workspace, one.id, name=dice.choice(("vip", "beta")))
    step()
    talk = conversations.start_conversation(workspace, one.id, body="Hello")
    for _ in range(dice.randint(1, 3)):
        step()
        conversations.admin_reply(workspace, talk.id, body="Look here.")
        step()
        inbox.close(workspace, talk.id)
        step()
        conversations.customer_reply(workspace, talk.id, body="And now?")
        step()
        inbox.assign(workspace, talk.id, assignee=f"admin:{next(iter(workspace.admins))}")
    step()
    if dice.random() < 0.1:
        contacts.archive(workspace, one.id)
        step()


def _seal_token(connection_id: int, simulator: Simulator) -> None:
    models, secrets = product("connectors.intercom.models"), product("connectors.intercom.secrets")
    connection = models.Connection.objects.across_orgs("a benchmark").get(pk=connection_id)
    secrets.seal_token(connection, simulator.settings.access_token)
    connection.save()


def _let_in(bodies: list[bytes]) -> None:
    accept, now = product("connectors.intercom.inbox.accept").accept, product("core.clock").utcnow()
    for body in bodies:
        accept({"X-Hub-Signature": signature(body, client_secret=SECRET)}, body, now=now)


def _drain(org_id: int, connection_id: int, simulator: Simulator) -> float:
    """Seconds until the inbox is empty and nobody is marked for scoring."""
    clients, clock = product("connectors.intercom.clients"), product("core.clock")
    drain = product("connectors.intercom.inbox.drain").drain

    def client(connection: Any) -> Any:
        return clients.client_for(connection, wire=SimulatorWire(simulator))

    began = time.perf_counter()
    asyncio.run(drain(connection_id, now=clock.utcnow, client_factory=client))
    product("pipeline.work").rescore_pending(org_id, now=clock.utcnow())
    return time.perf_counter() - began


def _result(count: int, seconds: float, *, small: bool) -> Result:
    rate = count / seconds
    return Result(
        name="webhook_apply",
        work=f"{count:,} mixed notifications applied, scores current",
        measured=rate,
        unit="/s",
        target=f"≥ {TARGET:,}/s",
        passed=None if small else rate >= TARGET,
        remark=f"{seconds:.1f} s",
    )


if __name__ == "__main__":
    main()
