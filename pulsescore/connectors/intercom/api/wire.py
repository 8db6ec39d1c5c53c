"""How requests travel: over the network, or wherever else a test or a tool sends them."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

import aiohttp

Params = Mapping[str, str | int]


class Answer(NamedTuple):
    """What came back; header names are to be looked up as Intercom spells them."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class Wire(Protocol):
    """Carries requests to one address.

    `send` raises `aiohttp.ClientError`, `TimeoutError` or `OSError` when no answer came.
    """

    async def open(self, headers: Mapping[str, str]) -> None:
        """Get ready; `headers` go with every request."""

    async def close(self) -> None:
        """Let go of everything."""

    async def send(
        self, method: str, path: str, *, params: Params | None, body: bytes | None
    ) -> Answer:
        """Send one request; a body is JSON."""


class Network:
    """Requests over the network, on connections that are kept open."""

    def __init__(self, base_url: str, *, timeout: aiohttp.ClientTimeout, most: int) -> None:
        self._base_url = base_url.rstrip("/")
        self._timeout = timeout
        self._most = most
        self._http: aiohttp.ClientSession | None = None

    async def open(self, headers: Mapping[str, str]) -> None:
        """Start a client without cookies."""
        self._http = aiohttp.ClientSession(
            headers=headers,
            timeout=self._timeout,
            connector=aiohttp.TCPConnector(limit=self._most),
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def close(self) -> None:
        """End the client and its connections."""
        if self._http is not None:
            await self._http.close()
            self._http = None

    async def send(
        self, method: str, path: str, *, params: Params | None, body: bytes | None
    ) -> Answer:
        """Send one request and read the whole answer; follows no redirect."""
        if self._http is None:
            raise RuntimeError("the session is not open")
        async with self._http.request(
            method,
            self._base_url + path,
            params=params,
            data=body,
            headers=None if body is None else {"Content-Type": "application/json"},
            allow_redirects=False,
        ) as answer:
            return Answer(answer.status, answer.headers, await answer.read())
