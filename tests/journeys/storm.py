"""A storm of signed webhooks: what was sent, what was answered, and what became of it."""

import http.client
import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg

from intercom_sim.webhooks.signing import signature
from tests.journeys.stack import CLIENT_SECRET, Stack, call, eventually
from tests.unit.intercom_inbox import payloads

STORY: Final = (
    ("conversation.user.created", "open"),
    ("conversation.admin.replied", "open"),
    ("conversation.admin.closed", "closed"),
    ("conversation.admin.opened", "open"),
    ("conversation.user.replied", "open"),
    ("conversation.admin.snoozed", "snoozed"),
    ("conversation.admin.unsnoozed", "open"),
    ("conversation.admin.closed", "closed"),
)


@dataclass(frozen=True)
class Told:
    """One notification: chapter `step` of the story of a conversation."""

    talk: str
    step: int
    body: bytes

    @property
    def name(self) -> str:
        return name_of(self.talk, self.step)


@dataclass
class Storm:
    """Sends what it is given, and remembers what was answered 200; a refusal is not repeated."""

    stack: Stack
    waiting: Iterator[Told]
    answered: set[str] = field(default_factory=set)
    refused: int = 0
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def send_all(self) -> None:
        while told := self._next():
            if self._send(told) == 200:
                self.answered.add(told.name)
            else:
                self.refused += 1
                eventually(lambda: call("HEAD", self.address).status == 200)

    @property
    def address(self) -> str:
        return f"{self.stack.url}/api/v1/webhooks/intercom"

    def _next(self) -> Told | None:
        with self._one_at_a_time:
            return next(self.waiting, None)

    def _send(self, told: Told) -> int:
        signed = {"X-Hub-Signature": signature(told.body, client_secret=CLIENT_SECRET)}
        with suppress(OSError, http.client.HTTPException):
            return call("POST", self.address, told.body, headers=signed).status
        return 0


def name_of(talk: str, step: int) -> str:
    return f"notif_{talk}_{step}"


def story(workspace_id: str, contact: str, talk: str, *, began_at: int) -> list[Told]:
    people = {"contacts": [{"type": "contact", "id": contact}]}
    told = []
    for step, (topic, state) in enumerate(STORY):
        at = began_at + step
        item = payloads.conversation(
            id=talk, state=state, open=state != "closed", contacts=people, updated_at=at
        )
        envelope = payloads.envelope(
            topic, item, created_at=at, app_id=workspace_id, id=name_of(talk, step)
        )
        told.append(Told(talk, step, json.dumps(envelope).encode()))
    return told


def stories_of(contacts: list[str], *, workspace_id: str) -> list[Told]:
    """A conversation with each of these, of which every chapter is told."""
    began_at = int(time.time()) - 1_000
    return [
        one
        for number, contact in enumerate(contacts)
        for one in story(workspace_id, contact, f"9{number:05}", began_at=began_at)
    ]


def shuffled_with_doubles(told: list[Told], dice: random.Random) -> list[Told]:
    sent = [*told, *dice.sample(told, len(told) // 3)]
    dice.shuffle(sent)
    return sent


def database_of(stack: Stack) -> psycopg.Connection[Any]:
    where = f"user=postgres dbname=pulsescore host={stack.directory}/postgres"
    return psycopg.connect(where, autocommit=True)


def rows(stack: Stack, query: str) -> list[tuple[Any, ...]]:
    with database_of(stack) as session:
        return session.execute(query).fetchall()


def is_worked_off(stack: Stack) -> bool:
    with suppress(psycopg.OperationalError):
        waiting = "SELECT 1 FROM intercom_inboxnotification WHERE state = 'pending' LIMIT 1"
        return not rows(stack, waiting)
    return False
