"""Sends notifications beside the REST service: a queue, a few senders, one retry."""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import msgspec
from aiohttp import web

from intercom_sim.changes import Change
from intercom_sim.webhooks.delivery import Attempt, Delivery, DeliveryLog
from intercom_sim.webhooks.envelope import envelope
from intercom_sim.webhooks.notifications import notifications
from intercom_sim.webhooks.signing import signature
from intercom_sim.workspace import Workspace

SENDERS = 16
ANSWER_SECS = 5
AGENT = "intercom-parrot-service-client/1.0"


@dataclass
class Target:
    """Where notifications go, signed with which secret, in which generation of shapes.

    `topics` limits them to those ticked in the developer's settings; None means all.
    """

    url: str | None
    client_secret: str
    generation: str = "current"
    topics: frozenset[str] | None = None


@dataclass
class WebhookFaults:
    """What goes wrong on the way; rates are chances from 0 to 1."""

    duplicate_rate: float = 0
    drop_rate: float = 0
    delay_secs: float = 0
    reorder: bool = False
    wrong_signature: bool = False
    dice: random.Random = field(default_factory=lambda: random.Random(13))


class Dispatcher:
    """Turns changes into deliveries; `notice` may be called from any thread."""

    def __init__(self, workspace: Workspace, *, target: Target, retry_secs: float) -> None:
        self._workspace = workspace
        self.target = target
        self.retry_secs = retry_secs
        self.faults = WebhookFaults()
        self.log = DeliveryLog()
        self._queue: asyncio.Queue[Delivery] = asyncio.Queue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._held: Delivery | None = None
        self._open = 0
        self._later: set[asyncio.Task[None]] = set()

    def notice(self, change: Change) -> None:
        """Write down what has to be told about a change, and pass it on."""
        if self.target.url is None:
            return
        made = notifications(change, generation=self.target.generation, workspace=self._workspace)
        for topic, item in made:
            if self.target.topics is None or topic in self.target.topics or topic == "ping":
                self.send(topic, item, at=change.at)

    def send(self, topic: str, item: Any, *, at: float) -> Delivery:
        """Queue one notification; its body is fixed now, whatever changes afterwards."""
        app_id = self._workspace.identity.app_id
        message = envelope(topic, item, app_id=app_id, at=at)
        delivery = Delivery(message["id"], topic, at, msgspec.json.encode(message))
        self.log.add(delivery)
        if self.faults.drop_rate and self.faults.dice.random() < self.faults.drop_rate:
            delivery.fate = "dropped"
            return delivery
        for one in self._ordered(delivery):
            self._enqueue(one)
        if self.faults.duplicate_rate and self.faults.dice.random() < self.faults.duplicate_rate:
            self._enqueue(delivery)
        return delivery

    def resend(self, delivery: Delivery) -> None:
        """Send the same bytes once more."""
        self._enqueue(delivery)

    def _ordered(self, delivery: Delivery) -> list[Delivery]:
        """With `reorder` on, every second notification overtakes the one before it."""
        if not self.faults.reorder:
            held, self._held = self._held, None
            return [held, delivery] if held else [delivery]
        if self._held is None:
            self._held = delivery
            return []
        held, self._held = self._held, None
        return [delivery, held]

    def _enqueue(self, delivery: Delivery) -> None:
        self._open += 1
        if self._loop is None:
            self._queue.put_nowait(delivery)
        else:
            self._loop.call_soon_threadsafe(self._queue.put_nowait, delivery)

    @property
    def idle(self) -> bool:
        """Whether everything was sent, retries included."""
        return self._open == 0

    async def run(self, app: web.Application) -> AsyncIterator[None]:
        """Senders for the life of the server."""
        self._loop = asyncio.get_running_loop()
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECS)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            senders = [asyncio.create_task(self._sender(session)) for _ in range(SENDERS)]
            yield
            for task in (*senders, *self._later):
                task.cancel()
            await asyncio.gather(*senders, *self._later, return_exceptions=True)
        self._loop = None

    async def _sender(self, session: aiohttp.ClientSession) -> None:
        while True:
            delivery = await self._queue.get()
            if self.faults.delay_secs:
                self._soon(session, delivery, pause=self.faults.delay_secs)
            else:
                await self._deliver(session, delivery)

    def _soon(self, session: aiohttp.ClientSession, delivery: Delivery, *, pause: float) -> None:
        async def wait() -> None:
            await asyncio.sleep(pause)
            await self._deliver(session, delivery)

        task = asyncio.create_task(wait())
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def _deliver(self, session: aiohttp.ClientSession, delivery: Delivery) -> None:
        attempt = await self._try(session, delivery)
        delivery.attempts.append(attempt)
        if attempt.status is not None and 200 <= attempt.status < 300:
            delivery.fate = "delivered"
        elif delivery.fate == "pending":
            delivery.fate = "retrying"
            self._soon(session, delivery, pause=self.retry_secs)
            return
        elif delivery.fate == "retrying":
            delivery.fate = "failed"
        self._open -= 1

    async def _try(self, session: aiohttp.ClientSession, delivery: Delivery) -> Attempt:
        attempt = Attempt(self._workspace.clock.time())
        url = self.target.url
        if url is None:
            attempt.error = "no address is set"
            return attempt
        try:
            async with session.post(
                url, data=delivery.body, headers=self._headers(delivery)
            ) as got:
                attempt.status = got.status
        except (aiohttp.ClientError, TimeoutError) as error:
            attempt.error = type(error).__name__
        return attempt

    def _headers(self, delivery: Delivery) -> dict[str, str]:
        secret = self.target.client_secret
        if self.faults.wrong_signature:
            secret += "-wrong"
        return {
            "Content-Type": "application/json",
            "User-Agent": AGENT,
            "X-Hub-Signature": signature(delivery.body, client_secret=secret),
        }

    async def validate(self) -> Attempt:
        """The HEAD request that Intercom makes when an address is saved."""
        attempt = Attempt(self._workspace.clock.time())
        if self.target.url is None:
            attempt.error = "no address is set"
            return attempt
        try:
            timeout = aiohttp.ClientTimeout(total=ANSWER_SECS)
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.head(self.target.url, headers={"User-Agent": AGENT}) as got,
            ):
                attempt.status = got.status
        except (aiohttp.ClientError, TimeoutError) as error:
            attempt.error = type(error).__name__
        return attempt
