"""How the installation stands: database, worker, and how far the two queues are behind."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.db import DatabaseError, connection

# Workers tell every ten seconds that they live.
WORKER_SILENT = timedelta(seconds=60)
# A queue that waits longer than this is slow, not just busy.
BEHIND = timedelta(minutes=5)
# Anybody may ask, as often as they like: the answer is worked out this often at most.
FRESH = timedelta(seconds=5)

_AGES = """
    SELECT
        (SELECT max(last_heartbeat) FROM procrastinate_workers),
        (SELECT min(next_attempt_at) FROM intercom_inboxnotification
            WHERE state = 'pending' AND next_attempt_at <= %(now)s),
        (SELECT min(marked_at) FROM store_dirtycustomer)
"""


class State(Enum):
    """How a part does."""

    WORKING = "working"
    SLOW = "slow"
    DOWN = "down"


@dataclass(frozen=True)
class Part:
    """One part of the installation, and how it does in words."""

    key: str
    name: str
    state: State
    words: str


@dataclass(frozen=True)
class Report:
    """All parts at one instant."""

    checked_at: datetime
    parts: tuple[Part, ...]

    @property
    def state(self) -> State:
        """The state of the part that does worst."""
        order = list(State)
        return max((part.state for part in self.parts), key=order.index)


class _Recent:
    """The last report of this process, shared by everybody who asks within a few seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._report: Report | None = None

    def get(self, now: datetime) -> Report:
        with self._lock:
            known = self._report
            if known is None or not abs(now - known.checked_at) < FRESH:
                known = self._report = report(now=now)
            return known


_recent = _Recent()


def recent_report(*, now: datetime) -> Report:
    """The report of the last seconds, else a new one."""
    return _recent.get(now)


def report(*, now: datetime) -> Report:
    """Look at every part; a database that is away is told, not raised."""
    pages = Part("pages", "Pages and API", State.WORKING, "They answer.")
    try:
        with connection.cursor() as cursor:
            cursor.execute(_AGES, {"now": now})
            heartbeat, inbox, marked = cursor.fetchone()
    except DatabaseError:
        return Report(now, (pages, *_without_database()))
    alive = heartbeat is not None and now - heartbeat <= WORKER_SILENT
    return Report(
        now,
        (
            pages,
            Part("database", "Database", State.WORKING, "It answers."),
            _worker(alive),
            Part("webhooks", "Webhook endpoint", State.WORKING, "It takes notifications."),
            _queue("inbox", "Working in notifications", inbox, now),
            _queue("scores", "Working out scores", marked, now),
        ),
    )


def _without_database() -> tuple[Part, ...]:
    gone = "It cannot be told while the database does not answer."
    return (
        Part("database", "Database", State.DOWN, "It does not answer."),
        Part("worker", "Background worker", State.DOWN, gone),
        Part(
            "webhooks",
            "Webhook endpoint",
            State.DOWN,
            "It turns notifications away; Intercom sends them again.",
        ),
    )


def _worker(alive: bool) -> Part:
    if alive:
        return Part("worker", "Background worker", State.WORKING, "It is at work.")
    lost = "None is running: imports and scores wait. Nothing is lost."
    return Part("worker", "Background worker", State.DOWN, lost)


def _queue(key: str, name: str, waiting_since: datetime | None, now: datetime) -> Part:
    age = now - waiting_since if waiting_since else timedelta()
    if age > BEHIND:
        minutes = int(age.total_seconds() // 60)
        span = f"{minutes // 60} h" if minutes >= 120 else f"{minutes} minutes"  # noqa: PLR2004
        return Part(key, name, State.SLOW, f"Behind by {span}.")
    words = "A few moments behind." if age > timedelta(seconds=15) else "Up to date."
    return Part(key, name, State.WORKING, words)
