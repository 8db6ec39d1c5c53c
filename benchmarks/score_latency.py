"""From a notification to the new score, while a hundred customers a second change.

Web and worker are processes of their own, as in production; the database is a third. People who
are known already begin a conversation each, so that each gets a first score. Measured is from the
moment in which a notification is sent to the moment in which another connection to the database
sees the score, looked for every few milliseconds. There is no floor: the target is a time.
"""

import argparse
import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import psycopg
import uvloop

from benchmarks import report, world
from benchmarks.report import Result
from benchmarks.webhook_accept import WORKSPACE, connect, send, server, signed
from intercom_sim.actions import contacts, conversations
from intercom_sim.changes import Change
from intercom_sim.clock import ManualClock
from intercom_sim.generator.build import Size, generate
from intercom_sim.webhooks.envelope import envelope
from intercom_sim.webhooks.notifications import notifications
from intercom_sim.workspace import Identity

RATE = 100
SECS, SMALL_SECS = 30, 1
TARGET_P99_SECS = 2.0
LOOK_EVERY_SECS = 0.005
PATIENCE_SECS = 60
# The looks overlap: a score may become visible a moment after it was calculated.
_SEEN = """
    SELECT c.external_id
    FROM scoring_healthscore AS h JOIN store_customer AS c ON c.id = h.customer_id
    WHERE h.org_id = %(org)s AND h.score IS NOT NULL
        AND h.calculated_at > now() - interval '5 seconds'
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.score_latency", description=__doc__)
    parser.add_argument("--small", action="store_true", help="one second")
    small = parser.parse_args().small
    count = RATE * (SMALL_SECS if small else SECS)
    people, talks = _told(count)
    with world.database() as url:
        org_id, _connection_id = connect()
        with server() as port, _worker():
            uvloop.run(send(port, [(name, signed(body)) for name, body in people.items()]))
            _wait_until_known(url, org_id, count)
            requests = [(name, signed(body)) for name, body in talks.items()]
            taken = uvloop.run(_measure(url, org_id, port, requests))
    report.show([_result(taken, count, small=small)])


def _told(count: int) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Bodies by contact: of their creation, and of the conversation that they begin."""
    clock = ManualClock(time.time())
    workspace = generate(Size(0), clock=clock, identity=Identity(app_id=WORKSPACE))
    bodies: list[bytes] = []

    def notice(change: Change) -> None:
        for topic, item in notifications(change, generation="current", workspace=workspace):
            told = envelope(topic, item, app_id=WORKSPACE, at=change.at)
            bodies.append(msgspec.json.encode(told))

    workspace.subscribe(notice)
    people, talks = {}, {}
    for number in range(count):
        one = contacts.create_contact(workspace, email=f"person{number}@example.com")
        people[one.id] = bodies[-1]
        conversations.start_conversation(workspace, one.id, body="Hello")
        talks[one.id] = bodies[-1]
    return people, talks


@contextmanager
def _worker() -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-m", "pulsescore", "worker"])
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


def _wait_until_known(url: str, org_id: int, count: int) -> None:
    query = "SELECT count(*) FROM scoring_healthscore WHERE org_id = %s"
    deadline = time.monotonic() + PATIENCE_SECS
    with psycopg.connect(url, autocommit=True) as session:
        while time.monotonic() < deadline:
            if session.execute(query, [org_id]).fetchone() == (count,):
                return
            time.sleep(0.1)
    raise TimeoutError("the people did not become known")


async def _measure(
    url: str, org_id: int, port: int, requests: list[tuple[str, bytes]]
) -> list[float]:
    """Send at an even pace and look for the scores; seconds of each that appeared."""
    sent: dict[str, float] = {}
    looking = asyncio.create_task(asyncio.to_thread(_look, url, org_id, sent, len(requests)))
    await _send_evenly(port, requests, sent)
    return await looking


async def _send_evenly(
    port: int, requests: list[tuple[str, bytes]], sent: dict[str, float]
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began = time.perf_counter()
    for number, (name, request) in enumerate(requests):
        await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
        sent[name] = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())
    writer.close()


def _look(url: str, org_id: int, sent: dict[str, float], count: int) -> list[float]:
    taken: dict[str, float] = {}
    deadline = time.monotonic() + PATIENCE_SECS + count / RATE
    with psycopg.connect(url, autocommit=True) as session:
        while len(taken) < count and time.monotonic() < deadline:
            seen: list[Any] = session.execute(_SEEN, {"org": org_id}).fetchall()
            at = time.perf_counter()
            for (name,) in seen:
                if name not in taken and name in sent:
                    taken[name] = at - sent[name]
            time.sleep(LOOK_EVERY_SECS)
    return list(taken.values())


def _result(taken: list[float], count: int, *, small: bool) -> Result:
    ordered = sorted(taken)
    p99 = ordered[int(len(ordered) * 0.99)]
    missing = count - len(ordered)
    return Result(
        name="score_latency",
        work=f"{count:,} changes, {RATE} a second, each seen as a new score; p99",
        measured=p99,
        unit="s",
        target=f"p99 ≤ {TARGET_P99_SECS:g} s",
        passed=missing == 0 if small else missing == 0 and p99 <= TARGET_P99_SECS,
        remark=f"median {ordered[len(ordered) // 2]:.2f} s, slowest {ordered[-1]:.2f} s;"
        f" {missing} never seen",
    )


if __name__ == "__main__":
    main()
