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
from dataclasses import dataclass
from typing import Any

import msgspec
import psutil
from django.db import connection as database_connection
from django.db import transaction

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
JUDGED_FROM = 50_000
STORED_AT_ONCE = 500
STARTS_AT = 1_768_000_000


@dataclass(frozen=True, kw_only=True)
class Spent:
    """Seconds that passed, and processor seconds of the worker and of the database server."""

    seconds: float
    processor: float
    database: float


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
    parser.add_argument("--small", action="store_true", help="300 notifications")
    parser.add_argument("--count", type=int, default=50_000, help="how many notifications")
    chosen = parser.parse_args()
    count = 300 if chosen.small else chosen.count
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
        spent = _drain(org_id, connection_id, simulator)
    report.show([_result(len(backlog.bodies), spent, is_judged=count >= JUDGED_FROM)])


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
    for first in range(0, len(bodies), STORED_AT_ONCE):
        with transaction.atomic():
            for body in bodies[first : first + STORED_AT_ONCE]:
                accept({"X-Hub-Signature": signature(body, client_secret=SECRET)}, body, now=now)


def _drain(org_id: int, connection_id: int, simulator: Simulator) -> Spent:
    """What it took until the inbox was empty and nobody was marked for scoring."""
    clients, clock = product("connectors.intercom.clients"), product("core.clock")
    drain = product("connectors.intercom.inbox.drain").drain

    def client(connection: Any) -> Any:
        return clients.client_for(connection, wire=SimulatorWire(simulator))

    product("cli.management.commands.work").suit_interpreter()
    began, used, used_by_database = time.perf_counter(), time.process_time(), _database_seconds()
    asyncio.run(drain(connection_id, now=clock.utcnow, client_factory=client))
    product("pipeline.work").rescore_pending(org_id, now=clock.utcnow())
    return Spent(
        seconds=time.perf_counter() - began,
        processor=time.process_time() - used,
        database=_database_seconds() - used_by_database,
    )


def _database_seconds() -> float:
    """Processor time of the database server so far, all its processes together."""
    with database_connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        postmaster = psutil.Process(cursor.fetchone()[0]).parent()
    if postmaster is None:
        return 0.0
    own = postmaster.cpu_times()
    used: float = own.children_user + own.children_system
    for times in (own, *(child.cpu_times() for child in postmaster.children())):
        used += times.user + times.system
    return used


def _result(count: int, spent: Spent, *, is_judged: bool) -> Result:
    rate = count / spent.seconds
    return Result(
        name="webhook_apply",
        work=f"{count:,} mixed notifications applied, scores current",
        measured=rate,
        unit="/s",
        target=f"≥ {TARGET:,}/s",
        passed=rate >= TARGET if is_judged else None,
        remark=(
            f"{spent.seconds:.1f} s; processor: worker {spent.processor:.1f} s,"
            f" database {spent.database:.1f} s"
        ),
    )


if __name__ == "__main__":
    main()
