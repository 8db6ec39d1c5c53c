"""The simulator at the other end of our client, without a network, troubled as a case says."""

import json
from collections.abc import Callable, Mapping

import aiohttp
from multidict import CIMultiDict

from intercom_sim.inprocess import answer
from intercom_sim.rest.call import Reply
from intercom_sim.simulator import Simulator
from pulsescore.connectors.intercom.api.wire import Answer, Params

FAULTS = ("429", "500", "502", "503", "timeout", "refused", "cut", "expired")
_PAUSE_SECS = 10


class FaultyWire:
    """Answers requests; `faults` says which are troubled, by their number, and `meanwhile` is
    called before each with its number, so that the world moves on while we read."""

    def __init__(
        self,
        simulator: Simulator,
        *,
        faults: Mapping[int, str],
        meanwhile: Callable[[int], None],
    ) -> None:
        self._simulator = simulator
        self._faults = faults
        self._meanwhile = meanwhile
        self._headers: dict[str, str] = {}
        self.requests = 0

    async def open(self, headers: Mapping[str, str]) -> None:
        self._headers = {**headers}

    async def close(self) -> None:
        return

    async def send(
        self, method: str, path: str, *, params: Params | None, body: bytes | None
    ) -> Answer:
        number = self.requests
        self.requests += 1
        self._meanwhile(number)
        fault = self._faults.get(number)
        if fault == "timeout":
            raise TimeoutError
        if fault == "refused":
            raise ConnectionRefusedError
        query = {name: str(value) for name, value in (params or {}).items()}
        if fault == "expired" and _continues(query, body):
            return _refusal(400, "parameter_invalid")
        if fault in ("429", "500", "502", "503"):
            return self._failure(fault)
        reply = answer(
            self._simulator, method, path, query=query, headers=self._headers, body=body or b""
        )
        if fault == "cut":
            raise aiohttp.ClientPayloadError
        if fault == "late":
            raise TimeoutError
        return _answer(reply)

    def _failure(self, fault: str) -> Answer:
        if fault == "502":
            return Answer(502, CIMultiDict(), b"<html>Bad Gateway</html>")
        if fault != "429":
            return _refusal(int(fault), "server_error")
        now = int(self._simulator.workspace.clock.time())
        headers = {
            "X-RateLimit-Limit": "1666",
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": str(now + _PAUSE_SECS),
        }
        return _refusal(429, "rate_limit_exceeded", headers)


def _continues(query: Mapping[str, str], body: bytes | None) -> bool:
    """Whether the request names a cursor or a scroll."""
    pagination = json.loads(body or b"{}").get("pagination", {})
    return bool(
        pagination.get("starting_after") or query.get("starting_after") or query.get("scroll_param")
    )


def _refusal(status: int, code: str, headers: Mapping[str, str] | None = None) -> Answer:
    body = {"type": "error.list", "errors": [{"code": code, "message": "No."}]}
    return Answer(status, CIMultiDict(headers or {}), json.dumps(body).encode())


def _answer(reply: Reply) -> Answer:
    return Answer(reply.status, CIMultiDict(reply.headers), reply.body)
