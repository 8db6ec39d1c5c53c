"""The endpoint of the tracking protocol: a lean ASGI application, mounted in front of Django.

A request is checked, stored with those that wait beside it in one commit, and only then answered;
the worker applies it.
"""

import base64
import binascii
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Final

import psycopg
import structlog

from pulsescore.core.clock import utcnow
from pulsescore.core.group_commit import GroupCommit
from pulsescore.core.lean_asgi import LazyPool, Receive, Scope, Send, read_body
from pulsescore.core.waking import Wake, Waker
from pulsescore.ingest import answers, bodies, script
from pulsescore.ingest.answers import Answer
from pulsescore.ingest.bodies import BodyFault
from pulsescore.ingest.storing import INSERT, KEY, Arrival, Key, parameters

PREFIX: Final = "/v1/"

_LONGEST_KEY: Final = 64
_WRITERS: Final = 1
# A revoked key is refused after this long at the latest; unknown ones are never remembered.
_REMEMBERED_SECS: Final = 1.0
_REMEMBERED_KEYS: Final = 10_000
# Browsers send calls of any website; a write key in a page is all they have.
_CORS: Final = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"POST"),
    (b"access-control-allow-headers", b"authorization, content-type"),
    (b"access-control-max-age", b"86400"),
)

logger = structlog.get_logger(__name__)


class IngestEndpoint:
    """Answers /v1/identify, track, page, screen, group, alias and batch. One per process."""

    def __init__(
        self,
        *,
        wake: Wake,
        conninfo: Callable[[], str],
        clock: Callable[[], datetime] = utcnow,
        patience_secs: float = 4.0,
    ) -> None:
        self._clock = clock
        self._pool = LazyPool(conninfo, writers=_WRITERS, patience_secs=patience_secs)
        self._arrivals = GroupCommit(
            self._write, writers=_WRITERS, size=lambda arrival: len(arrival.calls)
        )
        self._waker = Waker(wake)
        self._remembered: dict[str, tuple[float, Key]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        name = scope["path"].removeprefix(PREFIX).strip("/")
        if script.is_address(name):
            await _reply(send, await self._script(script.key_in(name)), scope["method"])
            return
        method = {"i": "identify", "t": "track", "p": "page"}.get(name, name)
        if method not in bodies.METHODS:
            await _reply(send, answers.UNKNOWN)
        elif scope["method"] == "OPTIONS":
            await _reply(send, answers.PREFLIGHT)
        elif scope["method"] != "POST":
            await _reply(send, answers.WRONG_METHOD)
        else:
            body = await read_body(receive, limit=bodies.limit_of(method))
            await _reply(send, await self.accept(method, body, headers=dict(scope["headers"])))

    async def accept(
        self, method: str, body: bytes | None, *, headers: dict[bytes, bytes]
    ) -> Answer:
        """Check one request and store what can be accepted; `None` is a body beyond the limit."""
        try:
            if body is None:
                raise bodies.too_large(method)
            plain = _plain(method, body, headers)
            key = await self._key(_write_key(headers) or bodies.write_key_of(plain))
            if key is None:
                return answers.NO_KEY
            received_at = self._clock()
            parsed = bodies.parse(method, plain, received_at=received_at)
            if parsed.calls:
                packed = bodies.pack(parsed.calls)
                await self._arrivals.store(
                    [Arrival(key.id, packed, len(parsed.calls), received_at)]
                )
            elif parsed.rejected:
                return answers.all_refused(parsed.rejected)
        except BodyFault as fault:
            is_too_large = fault.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            code = "too_large" if is_too_large else "invalid"
            return answers.refused(fault.status, code, fault.message)
        except (psycopg.Error, TimeoutError, OSError) as fault:
            logger.warning("calls_not_stored", fault=type(fault).__name__)
            return answers.UNAVAILABLE
        return answers.accepted(parsed.rejected)

    async def aclose(self) -> None:
        """Finish what is being written, then let the connections go."""
        await self._arrivals.drain()
        await self._waker.aclose()
        await self._pool.aclose()

    async def _script(self, text: str | None) -> Answer:
        try:
            key = await self._key(text)
        except (psycopg.Error, TimeoutError, OSError):
            return answers.UNAVAILABLE
        return script.answer(text, key)

    async def _key(self, text: str | None) -> Key | None:
        if not text or len(text) > _LONGEST_KEY or "\0" in text:
            return None
        known = self._remembered.get(text)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        async with self._pool.connection() as session:
            cursor = await session.execute(KEY, {"key": text})
            row = await cursor.fetchone()
        if row is None:
            self._remembered.pop(text, None)
            return None
        if len(self._remembered) >= _REMEMBERED_KEYS:
            self._remembered.clear()
        key = Key(*row)
        self._remembered[text] = (time.monotonic() + _REMEMBERED_SECS, key)
        return key

    async def _write(self, arrivals: Sequence[Arrival]) -> None:
        async with self._pool.connection() as session:
            cursor = await session.execute(INSERT, parameters(arrivals))
            orgs = {row[0] for row in await cursor.fetchall()}
        self._waker.note(orgs)


def _plain(method: str, body: bytes, headers: dict[bytes, bytes]) -> bytes:
    encoding = headers.get(b"content-encoding", b"").strip().lower()
    if encoding in (b"", b"identity"):
        return body
    if encoding in (b"gzip", b"deflate"):
        return bodies.unzipped(body, method=method)
    raise BodyFault(400, "Send the body plain or compressed with gzip.")


def _write_key(headers: dict[bytes, bytes]) -> str | None:
    """The user name of HTTP basic; some libraries put the key there without encoding it."""
    scheme, _, given = headers.get(b"authorization", b"").partition(b" ")
    if scheme.lower() != b"basic":
        return None
    try:
        return base64.b64decode(given.strip(), validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return None


async def _reply(send: Send, answer: Answer, method: str = "POST") -> None:
    body = answer.encoded()
    headers = [
        (b"content-type", answer.content_type),
        (b"content-length", str(len(body)).encode()),
        *_CORS,
        *answer.headers,
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})
