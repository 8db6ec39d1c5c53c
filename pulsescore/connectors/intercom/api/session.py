"""One HTTP session with Intercom: headers, guard, rate limit, retries, errors by their own word."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any, Self, TypeVar

import aiohttp
import msgspec

from pulsescore import __version__
from pulsescore.connectors.intercom.api import errors, guard
from pulsescore.connectors.intercom.api.limits import Budget, Timing
from pulsescore.connectors.intercom.api.retry import Patience, persevere
from pulsescore.connectors.intercom.api.wire import Answer, Network, Params, Wire
from pulsescore.core.clock import from_unix

API_VERSION = "2.16"
REGION_URLS = {
    "us": "https://api.intercom.io",
    "eu": "https://api.eu.intercom.io",
    "au": "https://api.au.intercom.io",
}
MOST_IN_FLIGHT = 16
_SUCCESSES = range(200, 300)
_TIMEOUT = aiohttp.ClientTimeout(total=120, sock_connect=10, sock_read=60)

T = TypeVar("T")
OnFailure = Callable[[errors.ApiError], None]


class Session:
    """Sends requests to one base URL with one token; used as an async context manager.

    `writable=False` lets nothing out that could write. `wire` carries requests elsewhere than over
    the network. Raises `errors.ApiError`.
    """

    def __init__(
        self,
        *,
        base_url: str,
        token: str | None,
        writable: bool,
        patience: Patience | None = None,
        timing: Timing | None = None,
        most_in_flight: int = MOST_IN_FLIGHT,
        on_failure: OnFailure | None = None,
        timeout: aiohttp.ClientTimeout = _TIMEOUT,
        wire: Wire | None = None,
    ) -> None:
        self._wire = wire or Network(base_url, timeout=timeout, most=most_in_flight)
        self._token = token
        self._writable = writable
        self._timing = timing or Timing()
        self._patience = patience or Patience()
        self._on_failure = on_failure
        self.budget = Budget(
            most=most_in_flight, timing=self._timing, share_left=self._patience.share_left
        )

    async def __aenter__(self) -> Self:
        await self._wire.open(self._headers())
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self._wire.close()

    async def request(
        self,
        method: str,
        path: str,
        *,
        read: Callable[[bytes], T],
        params: Params | None = None,
        json: Any = None,
    ) -> T:
        """Send a request until it is answered or patience ends; what `read` makes of the answer.

        `read` may raise `UnreadableAnswer`, which is tried again like any other hiccup.
        """
        body = None if json is None else msgspec.json.encode(json)

        async def once() -> T:
            try:
                return read(await self._send(method, path, params, body))
            except errors.ApiError as error:
                if self._on_failure is not None:
                    self._on_failure(error)
                raise

        return await persevere(once, patience=self._patience, timing=self._timing)

    async def _send(
        self, method: str, path: str, params: Params | None, body: bytes | None
    ) -> bytes:
        guard.check(method, path, writable=self._writable)
        async with self.budget.slot():
            sent_at = self._timing.clock()
            try:
                answer = await self._wire.send(method, path, params=params, body=body)
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                self.budget.failed()
                raise _unreachable(method, path, error) from error
            retry_at = self._learn(answer, secs=self._timing.clock() - sent_at)
        if answer.status in _SUCCESSES:
            return answer.content
        raise errors.classify(
            method=method,
            path=path,
            status=answer.status,
            headers=answer.headers,
            body=answer.content,
            retry_at=retry_at,
        )

    def _learn(self, answer: Answer, *, secs: float) -> datetime | None:
        """What the answer tells about the budget; when to try again, after a 429."""
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            return from_unix(self.budget.refused(answer.headers))
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self.budget.failed(answer.headers)
        else:
            self.budget.learn(answer.headers, secs=secs, size=len(answer.content))
        return None

    def _headers(self) -> dict[str, str]:
        headers = {
            "Accept": "application/json",
            "Intercom-Version": API_VERSION,
            "User-Agent": f"PulseScore/{__version__}",
        }
        if self._token is not None:
            headers["Authorization"] = f"Bearer {self._token}"
        return headers


def _unreachable(method: str, path: str, error: Exception) -> errors.Unreachable:
    code = "timeout" if isinstance(error, TimeoutError) else "unreachable"
    message = "no answer in time" if code == "timeout" else type(error).__name__
    return errors.Unreachable(errors.Failure(method=method, path=path, code=code, message=message))
