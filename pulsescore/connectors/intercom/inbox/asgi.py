"""The fast door: a lean ASGI application for the webhook endpoint, mounted in front of Django."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

import psycopg
import structlog
from django.conf import settings
from django.db import connections
from psycopg.conninfo import make_conninfo
from psycopg_pool import AsyncConnectionPool

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
from pulsescore.core.waking import Wake, Waker

PATH: Final = "/api/v1/webhooks/intercom"

_READ_AWAY_LIMIT: Final = 8 * BODY_LIMIT
# One writer makes the largest groups: a second one would only halve them.
_WRITERS: Final = 1
_REMEMBERED_SECS: Final = 0.1
_REMEMBERED_WORKSPACES: Final = 10_000

Scope = dict[str, Any]
Receive = Callable[[], Any]
Send = Callable[[dict[str, Any]], Any]

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
        self._conninfo = conninfo
        self._clock = clock
        self._pool: AsyncConnectionPool | None = None
        self._opening = asyncio.Lock()
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
            body = await _read_body(scope, receive)
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
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

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
        pool = await self._opened_pool()
        async with pool.connection() as session:
            cursor = await session.execute(query, {"workspace_id": question.workspace_id})
            rows = await cursor.fetchall()
        return open_receivers(rows, key_ring=self._key_ring, app_secret=self._app_secret)

    def _remember(self, name: str, receivers: list[Receiver]) -> None:
        if len(self._remembered) >= _REMEMBERED_WORKSPACES:
            self._remembered.clear()
            self._asking.clear()
        self._remembered[name] = (time.monotonic() + _REMEMBERED_SECS, receivers)

    async def _write(self, deliveries: Sequence[Delivery]) -> None:
        pool = await self._opened_pool()
        async with pool.connection() as session:
            cursor = await session.execute(INSERT, parameters(deliveries))
            new = {row[0] for row in await cursor.fetchall()}
        self._waker.note(new)

    async def _opened_pool(self) -> AsyncConnectionPool:
        async with self._opening:
            if self._pool is None:
                pool = AsyncConnectionPool(
                    self._conninfo(),
                    min_size=1,
                    max_size=_WRITERS + 2,
                    timeout=4.0,
                    kwargs={"autocommit": True},
                    open=False,
                )
                await pool.open()
                self._pool = pool
            return self._pool


def endpoint_of_settings(*, wake: Wake) -> WebhookEndpoint:
    """The endpoint of this process; connects to the database when the first request comes."""
    return WebhookEndpoint(
        wake=wake,
        key_ring=KeyRing(settings.CONFIG.secret_key),
        app_secret=settings.CONFIG.intercom_client_secret,
        conninfo=django_conninfo,
    )


def django_conninfo() -> str:
    """How to reach the database that Django uses."""
    told = connections["default"].settings_dict
    named = {
        "dbname": told["NAME"],
        "user": told["USER"],
        "password": told["PASSWORD"],
        "host": told["HOST"],
        "port": told["PORT"],
    }
    return make_conninfo("", **{key: value for key, value in named.items() if value})


async def _read_body(scope: Scope, receive: Receive) -> bytes | None:
    """The body, or nothing if it is too large; the sender may finish, to read the 413."""
    pieces: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(pieces) if size <= BODY_LIMIT else None
        piece = message.get("body", b"")
        size += len(piece)
        if size <= BODY_LIMIT:
            pieces.append(piece)
        if not message.get("more_body") or size > _READ_AWAY_LIMIT:
            return b"".join(pieces) if size <= BODY_LIMIT else None


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
