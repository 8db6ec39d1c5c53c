"""Signed notifications of 3 kB over 16 connections, each durable before its 200.

The floor is the same row written by 16 plain PostgreSQL connections, one INSERT and one commit
each: a server that stores every notification before it answers, and does not share commits, cannot
be faster than the database alone. Floor and server run in this very order on the same machine,
durability on. A second run kills the server half-way and looks for every notification it answered.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg
import uvloop

from benchmarks import report, world
from benchmarks.importing import product
from benchmarks.report import Result

CONNECTIONS = 16
BODY_BYTES = 3_000
TARGET = 0.35
TARGET_P99_MS = 100
SECRET = "benchmark-webhook-secret"  # noqa: S105 (of a made-up workspace)
WORKSPACE = "wrk_benchmark"
PATH = "/api/v1/webhooks/intercom"
FLOOR_PROCESSES = 2
# The floor writes into a plain table of the same columns: one row, once per notification.
FLOOR_TABLE = """
    CREATE TABLE benchmark_floor (LIKE intercom_inboxnotification INCLUDING DEFAULTS,
        PRIMARY KEY (id), UNIQUE (connection_id, notification_id),
        FOREIGN KEY (org_id) REFERENCES accounts_organization (id) DEFERRABLE INITIALLY DEFERRED,
        FOREIGN KEY (connection_id) REFERENCES intercom_connection (id)
            DEFERRABLE INITIALLY DEFERRED);
    CREATE INDEX ON benchmark_floor (connection_id, next_attempt_at, id) WHERE state = 'pending';
    CREATE INDEX ON benchmark_floor (connection_id, received_at DESC)
"""
INSERT = (
    "INSERT INTO benchmark_floor (org_id, connection_id, notification_id, topic, body,"
    " notified_at, received_at, next_attempt_at)"
    " VALUES (%s, %s, %s, %s, %b, now(), now(), now())"
    " ON CONFLICT (connection_id, notification_id) DO NOTHING"
)


@dataclass
class Load:
    """What the clients saw: ids that were answered 200, and how long each took in seconds."""

    answered: list[str] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Notifications per second."""
        return len(self.answered) / self.seconds

    @property
    def p99_ms(self) -> float:
        """The latency that 99 of 100 stay below."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[int(len(ordered) * 0.99)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="400 notifications")
    small = parser.parse_args().small
    count = 400 if small else 20_000
    with world.database() as url:
        org_id, connection_id = connect()
        floor = floor_rate(url, count, org_id=org_id, connection_id=connection_id)
        with server() as port:
            uvloop.run(send(port, requests(count // 10)))
            load = uvloop.run(send(port, requests(count)))
        lost = lost_when_killed(url, count // 4)
    report.show([result(load, floor, lost, small=small)])


def connect() -> tuple[int, int]:
    """A workspace that may send webhooks."""
    organization = product("accounts.models").Organization.objects.create(name="Benchmark")
    source = product("store.sources").create_source(organization.pk, "intercom")
    connection = product("connectors.intercom.models").Connection(
        org_id=organization.pk,
        source=source,
        workspace_id=WORKSPACE,
        status="connected",
        connected_at=product("core.clock").utcnow(),
    )
    connection.save()
    secrets = product("connectors.intercom.secrets")
    secrets.seal_webhook_secret(connection, SECRET, now=connection.connected_at)
    connection.save()
    return organization.pk, connection.pk


@contextmanager
def server() -> Iterator[int]:
    """The endpoint in a process of its own; yields its port."""
    port = world.free_port()
    process = start_server(port)
    try:
        yield port
    finally:
        process.terminate()
        process.wait(30)


def start_server(port: int) -> "subprocess.Popen[bytes]":
    """Start serving and wait until it answers."""
    command = [sys.executable, "-m", "uvicorn", "pulsescore.asgi:application"]
    options = ["--port", str(port), "--no-access-log", "--log-level", "error"]
    process = subprocess.Popen([*command, *options])
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{PATH}", method="HEAD")
    for _ in range(600):
        with suppress(OSError):
            urllib.request.urlopen(asked, timeout=5).close()  # noqa: S310 (our own address)
            return process
        time.sleep(0.1)
    process.kill()
    raise TimeoutError("the server did not answer")


def requests(count: int) -> list[tuple[str, bytes]]:
    """Signed requests, ready to be sent, with their notification ids."""
    names = [f"notif_{uuid.uuid4()}" for _ in range(count)]
    return [(name, signed(notification(name))) for name in names]


def signed(body: bytes) -> bytes:
    """The whole request that delivers a notification."""
    sign = product("connectors.intercom.inbox.signatures").sign
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"X-Hub-Signature: {sign(body, secret=SECRET)}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def notification(name: str) -> bytes:
    """A notification of 3 kB."""
    item = {"type": "contact", "id": uuid.uuid4().hex[:24], "custom_attributes": {"filler": ""}}
    told = {
        "type": "notification_event",
        "app_id": WORKSPACE,
        "id": name,
        "topic": "contact.user.updated",
        "created_at": 1_768_019_995,
        "data": {"type": "notification_event_data", "item": item},
    }
    bare = len(json.dumps(told))
    item["custom_attributes"] = {"filler": "x" * (BODY_BYTES - bare)}
    return json.dumps(told).encode()


async def send(
    port: int, prepared: list[tuple[str, bytes]], *, after: Callable[[int], None] | None = None
) -> Load:
    """Send all over 16 connections; `after` is told how many were answered so far."""
    load = Load()
    waiting = iter(prepared)
    began = time.perf_counter()
    await asyncio.gather(*(_client(port, waiting, load, after) for _ in range(CONNECTIONS)))
    load.seconds = time.perf_counter() - began
    return load


async def _client(
    port: int,
    waiting: Iterator[tuple[str, bytes]],
    load: Load,
    after: Callable[[int], None] | None,
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    with suppress(ConnectionError, asyncio.IncompleteReadError):
        for name, request in waiting:
            asked = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(head.decode())
            load.latencies.append(time.perf_counter() - asked)
            load.answered.append(name)
            if after is not None:
                after(len(load.answered))
    writer.close()


def floor_rate(url: str, count: int, *, org_id: int, connection_id: int) -> float:
    """Rows per second that 16 plain connections insert and commit, one by one.

    In several processes, so that the floor is the database's and not one interpreter's.
    """
    with psycopg.connect(url) as session:
        session.execute(FLOOR_TABLE)
    share = count // CONNECTIONS
    ready = multiprocessing.get_context("spawn")
    barrier = ready.Barrier(FLOOR_PROCESSES + 1)
    threads = CONNECTIONS // FLOOR_PROCESSES
    arguments = {
        "url": url,
        "threads": threads,
        "share": share,
        "owner": (org_id, connection_id),
        "barrier": barrier,
    }
    workers = [ready.Process(target=_insert_all, kwargs=arguments) for _ in range(FLOOR_PROCESSES)]
    for worker in workers:
        worker.start()
    barrier.wait()
    began = time.perf_counter()
    for worker in workers:
        worker.join()
    return share * CONNECTIONS / (time.perf_counter() - began)


def _insert_all(
    *, url: str, threads: int, share: int, owner: tuple[int, int], barrier: Any
) -> None:
    bodies = [[notification(f"notif_{uuid.uuid4()}") for _ in range(share)] for _ in range(threads)]
    sessions = [psycopg.connect(url, autocommit=True) for _ in range(threads)]
    barrier.wait()

    def insert(session: psycopg.Connection[Any], mine: list[bytes]) -> None:
        for body in mine:
            name = f"floor_{uuid.uuid4()}"
            session.execute(INSERT, [*owner, name, "contact.user.updated", body])

    running = [
        threading.Thread(target=insert, args=pair) for pair in zip(sessions, bodies, strict=True)
    ]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()


def lost_when_killed(url: str, count: int) -> int:
    """How many answered notifications are not stored after SIGKILL in the midst of them."""
    port = world.free_port()
    process = start_server(port)

    def kill(answered: int) -> None:
        if answered == count // 2:
            os.kill(process.pid, signal.SIGKILL)

    load = uvloop.run(send(port, requests(count), after=kill))
    process.wait(30)
    with psycopg.connect(url) as session:
        query = "SELECT count(*) FROM intercom_inboxnotification WHERE notification_id = ANY(%s)"
        row = session.execute(query, [load.answered]).fetchone()
    return len(load.answered) - (row[0] if row else 0)


def result(load: Load, floor: float, lost: int, *, small: bool) -> Result:
    """The server against its floor."""
    ratio = load.rate / floor
    good = ratio >= TARGET and load.p99_ms <= TARGET_P99_MS and lost == 0
    return Result(
        name="webhook_accept",
        work=f"{len(load.answered):,} notifications of 3 kB, {CONNECTIONS} connections",
        measured=load.rate,
        floor=floor,
        ratio=ratio,
        unit="/s",
        target=f"≥ {TARGET} × plain inserts, p99 ≤ {TARGET_P99_MS} ms, none lost",
        passed=lost == 0 if small else good,
        remark=f"p99 {load.p99_ms:.1f} ms; {lost} lost when killed half-way",
    )


if __name__ == "__main__":
    main()
