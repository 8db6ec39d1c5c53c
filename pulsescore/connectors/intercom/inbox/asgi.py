"""The fast door: a lean ASGI application for the webhook endpoint, mounted in front of Django."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import psycopg
import structlog
from django.conf import settings

from pulsescore.connectors.intercom.inbox import metrics
from pulsescore.connectors.intercom.inbox.admission import (
    BODY_LIMIT,
    OK,
    TOO_LARGE,
    UNAVAILABLE,
    WRONG_METHOD,
    Answer,
    Delivery,
    Lookup,
    Verdict,
    examine,
)
from pulsescore.connectors.intercom.inbox.receivers import (
    OF_ANYBODY,
    OF_WORKSPACE,
    Receiver,
    open_receivers,
)
from pulsescore.connectors.intercom.inbox.storing import INSERT, parameters
from pulsescore.core.clock import utcnow
from pulsescore.core.crypto import KeyRing
from pulsescore.core.group_commit import GroupCommit
from pulsescore.core.lean_asgi import LazyPool, Receive, Scope, Send, read_body
from pulsescore.core.locks import own_conninfo
from pulsescore.core.waking import Wake, Waker

PATH: Final = "/api/v1/webhooks/intercom"

# One writer makes the largest groups: a second one would only halve them.
_WRITERS: Final = 1
_REMEMBERED_SECS: Final = 0.1
_REMEMBERED_WORKSPACES: Final = 10_000

logger = structlog.get_logger(__name__)


class WebhookEndpoint:
    """Answers POST and HEAD of the endpoint; stores before it answers. One per process."""

    def __init__(
        self,
        *,
        wake: Wake,
        key_ring: KeyRing,
        app_secret: str,
        conninfo: Callable[[], str],
        clock: Callable[[], datetime] = utcnow,
    ) -> None:
        self._key_ring = key_ring
        self._app_secret = app_secret
        self._clock = clock
        self._pool = LazyPool(conninfo, writers=_WRITERS)
        self._inbox = GroupCommit(
            self._write, writers=_WRITERS, size=lambda delivery: len(delivery.body)
        )
        self._waker = Waker(wake)
        self._remembered: dict[str, tuple[float, list[Receiver]]] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        method = scope["method"]
        if method == "HEAD":
            await _reply(send, OK, with_body=False)
        elif method != "POST":
            metrics.RECEIVED.labels("wrong_method").inc()
            await _reply(send, WRONG_METHOD)
        else:
            body = await read_body(receive, limit=BODY_LIMIT)
            verdict = await self.accept(_signature_header(scope), body)
            metrics.RECEIVED.labels(verdict.outcome).inc()
            await _reply(send, verdict.answer)

    async def accept(self, header: str | None, body: bytes | None) -> Verdict:
        """Examine one notification and store it; `None` is a body beyond the limit."""
        if body is None:
            return Verdict(answer=TOO_LARGE, outcome="too_large")
        try:
            verdict = await self._examine(header, body)
            if verdict.deliveries:
                await self._inbox.store(verdict.deliveries)
        except (psycopg.Error, TimeoutError, OSError) as fault:
            logger.warning("webhook_not_stored", fault=type(fault).__name__)
            return Verdict(answer=UNAVAILABLE, outcome="failed")
        return verdict

    async def aclose(self) -> None:
        """Finish what is being written, then let the connections go."""
        await self._inbox.drain()
        await self._waker.aclose()
        await self._pool.aclose()

    async def _examine(self, header: str | None, body: bytes) -> Verdict:
        examination = examine(header, body, now=self._clock(), app_secret=self._app_secret)
        try:
            question = next(examination)
            while True:
                question = examination.send(await self._receivers(question))
        except StopIteration as ended:
            verdict: Verdict = ended.value
            return verdict

    async def _receivers(self, question: Lookup) -> list[Receiver]:
        """Receivers, remembered for a tenth of a second; an empty answer is never remembered."""
        name = question.workspace_id or ""
        known = self._remembered.get(name)
        if known is not None and not question.fresh and known[0] > time.monotonic():
            return known[1]
        async with self._asking.setdefault(name, asyncio.Lock()):
            latest = self._remembered.get(name)
            # Another request asked while this one waited: what it was told is fresh enough.
            if latest is not known and latest is not None and not question.fresh:
                return latest[1]
            receivers = await self._ask(question)
            if receivers:
                self._remember(name, receivers)
            else:
                self._asking.pop(name, None)
        return receivers

    async def _ask(self, question: Lookup) -> list[Receiver]:
        query = OF_ANYBODY if question.workspace_id is None else OF_WORKSPACE
        async with self._pool.connection() as session:
            cursor = await session.execute(query, {"workspace_id": question.workspace_id})
            rows = await cursor.fetchall()
        return open_receivers(rows, key_ring=self._key_ring, app_secret=self._app_secret)

    def _remember(self, name: str, receivers: list[Receiver]) -> None:
        if len(self._remembered) >= _REMEMBERED_WORKSPACES:
            self._remembered.clear()
            self._asking.clear()
        self._remembered[name] = (time.monotonic() + _REMEMBERED_SECS, receivers)

    async def _write(self, deliveries: Sequence[Delivery]) -> None:
        async with self._pool.connection() as session:
            cursor = await session.execute(INSERT, parameters(deliveries))
            new = {row[0] for row in await cursor.fetchall()}
        self._waker.note(new)


def endpoint_of_settings(*, wake: Wake) -> WebhookEndpoint:
    """The endpoint of this process; connects to the database when the first request comes."""
    return WebhookEndpoint(
        wake=wake,
        key_ring=KeyRing(settings.CONFIG.secret_key),
        app_secret=settings.CONFIG.intercom_client_secret,
        conninfo=own_conninfo,
    )


def _signature_header(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"x-hub-signature":
            text: str = value.decode("latin-1")
            return text
    return None


async def _reply(send: Send, answer: Answer, *, with_body: bool = True) -> None:
    body = answer.body() if with_body else b""
    headers = [
        (b"content-type", answer.content_type.encode()),
        (b"content-length", str(len(body)).encode()),
    ]
    if answer.status == WRONG_METHOD.status:
        headers.append((b"allow", b"POST, HEAD"))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
