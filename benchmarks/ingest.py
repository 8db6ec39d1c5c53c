"""Events of Segment's protocol in batches of 100 over 8 connections, each durable before its 200.

The floor is a plain COPY of the same rows into a table like the timeline's: nobody who ends with
these rows can be faster. The first figure is how many events are answered, the second how many are
on timelines, with the people they are about, once the worker has applied what arrived.
"""

import argparse
import asyncio
import base64
import json
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import psycopg
import uvloop

from benchmarks import report, world
from benchmarks.importing import product
from benchmarks.report import Result
from benchmarks.webhook_accept import server

CONNECTIONS = 8
BATCH = 100
PEOPLE = 2_000
TARGET = 5_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="2,000 events")
    small = parser.parse_args().small
    count = 2_000 if small else 100_000
    with world.database() as url:
        key = write_key()
        floor = floor_rate(url, count)
        with server() as port:
            uvloop.run(send(port, requests(key.key, count // 10)))
            drain(key.org_id)
            seconds = uvloop.run(send(port, requests(key.key, count)))
        began = time.perf_counter()
        drain(key.org_id)
        applied = count / (time.perf_counter() - began)
    work = f"{count:,} events of {PEOPLE:,} people in batches of {BATCH}"
    report.show(
        [
            result("ingest", work, count / seconds, floor, small=small),
            result("ingest applied", work, applied, floor, small=small),
        ]
    )


def write_key() -> Any:
    """A key of an organization that is new."""
    organization = product("accounts.models").Organization.objects.create(name="Benchmark")
    access, roles = product("accounts.access"), product("accounts.models").Role
    actor = access.Actor(None, organization.pk, roles.ADMIN, "api_key", api_key_id=1)
    now = product("core.clock").utcnow()
    return product("ingest.actions").create_write_key(actor, name="Benchmark", now=now)


def drain(org_id: int) -> None:
    """Apply what waits, as the worker does."""
    queue, clock = product("ingest.queue"), product("core.clock")
    while queue.work_once(org_id, now=clock.utcnow()):
        pass


def requests(key: str, count: int) -> list[bytes]:
    """Whole requests, ready to be sent."""
    user = base64.b64encode(f"{key}:".encode()).decode()
    made = []
    for start in range(0, count, BATCH):
        body = json.dumps({"batch": [event(start + n) for n in range(BATCH)]}).encode()
        head = (
            "POST /v1/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Authorization: Basic {user}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        made.append(head.encode() + body)
    return made


def event(number: int) -> dict[str, object]:
    """One call; every twentieth tells who somebody is."""
    told: dict[str, object] = {
        "userId": f"user-{number * 7919 % PEOPLE}",
        "messageId": str(uuid.uuid4()),
        "timestamp": "2026-01-01T00:00:00.000Z",
        "context": {"library": {"name": "analytics-python", "version": "2.4.0"}},
    }
    if number % 20 == 0:
        traits = {"plan": ("free", "pro")[number % 3 % 2], "seats": number % 50}
        return {"type": "identify", "traits": traits, **told}
    properties = {"format": "pdf", "size": number, "path": "/reports/weekly"}
    return {"type": "track", "event": "Report exported", "properties": properties, **told}


async def send(port: int, prepared: list[bytes]) -> float:
    """Send all over some connections; returns how many seconds it took."""
    waiting = iter(prepared)
    began = time.perf_counter()
    await asyncio.gather(*(_client(port, waiting) for _ in range(CONNECTIONS)))
    return time.perf_counter() - began


async def _client(port: int, waiting: Iterator[bytes]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in waiting:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


def floor_rate(url: str, count: int) -> float:
    """Rows per second that COPY writes."""
    rows = [event(number) for number in range(count)]
    with psycopg.connect(url, autocommit=True) as session:
        session.execute("CREATE TABLE benchmark_floor (LIKE store_timelineevent INCLUDING ALL)")
        began = time.perf_counter()
        with session.cursor().copy(
            "COPY benchmark_floor (org_id, customer_id, source, name, occurred_at, properties,"
            " context, dedupe_key) FROM STDIN"
        ) as copy:
            for number, row in enumerate(rows):
                name = row.get("event", "Identify")
                told = json.dumps(row.get("properties", row.get("traits")))
                context = json.dumps(row["context"])
                key = row["messageId"]
                copy.write_row((1, number, "ingest", name, row["timestamp"], told, context, key))
        return count / (time.perf_counter() - began)


def result(name: str, work: str, rate: float, floor: float, *, small: bool) -> Result:
    """A rate against its floor."""
    return Result(
        name=name,
        work=work,
        measured=rate,
        floor=floor,
        ratio=rate / floor,
        unit="/s",
        target=f"≥ {TARGET:,} events/s",
        passed=None if small else rate >= TARGET,
    )


if __name__ == "__main__":
    main()
