"""Between the network and the endpoints: faults, log, token, version, budget, errors."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from aiohttp import web

from intercom_sim.requestlog import KEPT_BODY, Logged
from intercom_sim.rest.call import Call, Handler, Reply, Route
from intercom_sim.rest.errors import ApiError, not_found
from intercom_sim.rest.site import Site
from intercom_sim.simulator import Simulator

VERSION = "2.16"
VERSIONS = frozenset(
    [f"1.{minor}" for minor in range(5)] + [f"2.{minor}" for minor in range(17)]
) | {"Preview", "Unstable"}
HIDDEN = frozenset({"authorization", "cookie"})
NOT_JSON = "<html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>"
CODES = {
    400: ("bad_request", "Bad Request"),
    401: ("unauthorized", "Access Token Invalid"),
    402: ("api_plan_restricted", "Active subscription needed."),
    403: ("action_forbidden", "Your app is not permitted to do this"),
    404: ("not_found", "Resource Not Found"),
    408: ("request_timeout", "Request timed out"),
    429: ("rate_limit_exceeded", "Exceeded rate limit"),
    500: ("server_error", "Internal Server Error"),
    503: ("service_unavailable", "Service Unavailable"),
}
WebHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Asked:
    """A request as the simulator looks at it, however it came in."""

    method: str
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    content_type: str
    base_url: str


def endpoint(simulator: Simulator, handler: Handler, *, open_to_all: bool = False) -> WebHandler:
    """A web handler around a REST handler; `open_to_all` ones need no token."""

    async def answer(request: web.Request) -> web.StreamResponse:
        body = await request.read()
        request_id = str(uuid.uuid4())
        await _misbehave(simulator, request)
        asked = _asked(request, body)
        reply = answer_to(asked, simulator, handler, request_id, open_to_all=open_to_all)
        _log(simulator, request, body, status=reply.status, request_id=request_id)
        if simulator.faults.cuts():
            return await _cut_off(request, reply)
        return _response(reply)

    return answer


async def _misbehave(simulator: Simulator, request: web.Request) -> None:
    faults = simulator.faults
    if faults.latency_ms or faults.jitter_ms:
        await asyncio.sleep(faults.delay_secs())
    if faults.hangs():
        await asyncio.sleep(faults.hang_secs)


def _asked(request: web.Request, body: bytes) -> Asked:
    return Asked(
        request.method,
        request.path,
        dict(request.match_info),
        request.query,
        request.headers,
        body,
        request.content_type,
        f"{request.scheme}://{request.host}",
    )


def answer_to(
    asked: Asked,
    simulator: Simulator,
    handler: Handler,
    request_id: str,
    *,
    open_to_all: bool = False,
) -> Reply:
    """What a handler replies, if token, budget, version and planned faults let it."""
    headers = {"X-Request-Id": request_id, "Intercom-Version": VERSION}
    try:
        if not open_to_all:
            headers |= _admit(simulator, asked)
        call = _call(asked)
        _check_cursor(simulator, call)
        _check_filters(simulator, call)
        with simulator.workspace.lock:
            reply = handler(simulator.site, call)
    except ApiError as error:
        headers |= error.headers
        return Reply(msgspec.json.encode(error.body(request_id=request_id)), error.status, headers)
    except _NotJson:
        return Reply(NOT_JSON.encode(), 502, {**headers, "Content-Type": "text/html"})
    return Reply(reply.body, reply.status, {**headers, **reply.headers})


class _NotJson(Exception):
    """The balancer in front of Intercom answers, not Intercom."""


def _admit(simulator: Simulator, request: Asked) -> dict[str, str]:
    """Token, budget, version, planned faults, in this order; gives the budget's headers."""
    simulator.tokens.check(request.headers.get("Authorization"))
    allowance = simulator.limiter.take(now=simulator.workspace.clock.time())
    headers = allowance.headers()
    if not allowance.allowed:
        message = f"Exceeded rate limit of {allowance.limit} in 10_seconds"
        raise ApiError(429, "rate_limit_exceeded", message, headers=headers)
    version = request.headers.get("Intercom-Version")
    if version is not None and version not in VERSIONS:
        message = f"Intercom version {version!r} is not valid"
        raise ApiError(400, "intercom_version_invalid", message, headers=headers)
    failure = simulator.faults.error(request.method, request.path)
    if failure is not None:
        _fail(*failure, headers=headers)
    return headers


def _fail(status: int, code: str | None, *, headers: dict[str, str]) -> None:
    if status == 502:
        raise _NotJson
    default, message = CODES.get(status, ("client_error", "Request failed"))
    raise ApiError(status, code or default, message, headers=headers)


def _call(asked: Asked) -> Call:
    return Call(
        asked.method,
        asked.path,
        asked.params,
        asked.query,
        _parsed(asked.body, content_type=asked.content_type),
        base_url=asked.base_url,
    )


def _parsed(body: bytes, *, content_type: str) -> Any:
    if not body:
        return None
    if content_type == "application/x-www-form-urlencoded":
        return dict(parse_qsl(body.decode(errors="replace")))
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ApiError(400, "bad_request", "Request body is not valid JSON") from None


def _check_cursor(simulator: Simulator, call: Call) -> None:
    fields = call.body if isinstance(call.body, dict) else {}
    pagination = fields.get("pagination")
    sent = pagination.get("starting_after") if isinstance(pagination, dict) else None
    sent = sent or call.query.get("starting_after") or call.query.get("scroll_param")
    if sent and simulator.faults.expires():
        message = "starting_after has expired"
        raise ApiError(400, "parameter_invalid", message, field="starting_after")


def _check_filters(simulator: Simulator, call: Call) -> None:
    query = call.body.get("query") if isinstance(call.body, dict) else None
    refused = simulator.faults.refused_filter(query)
    if refused is not None:
        message = f"operator {refused[1]} is not supported on {refused[0]}"
        raise ApiError(400, "parameter_invalid", message, field="operator")


def _response(reply: Reply) -> web.Response:
    headers = {"Content-Type": "application/json; charset=utf-8", **reply.headers}
    return web.Response(body=reply.body, status=reply.status, headers=headers)


async def _cut_off(request: web.Request, reply: Reply) -> web.StreamResponse:
    """Promise the whole body, send half of it and hang up."""
    response = web.StreamResponse(status=reply.status, headers=reply.headers)
    response.content_length = len(reply.body)
    await response.prepare(request)
    await response.write(reply.body[: len(reply.body) // 2])
    if request.transport is not None:
        request.transport.abort()
    return response


def _log(
    simulator: Simulator, request: web.Request, body: bytes, *, status: int, request_id: str
) -> None:
    headers = {name: value for name, value in request.headers.items() if name.lower() not in HIDDEN}
    at = simulator.workspace.clock.time()
    kept = body[:KEPT_BODY]
    if request.path.startswith("/auth/"):
        kept = b""
    query = request.query_string
    simulator.log.add(
        Logged(at, request.method, request.path, query, headers, kept, status, request_id)
    )


def unknown(site: Site, call: Call) -> Reply:
    """Any address that is not an endpoint."""
    raise not_found("Requested resource")


def add_routes(app: web.Application, simulator: Simulator, routes: tuple[Route, ...]) -> None:
    for route in routes:
        handler = endpoint(simulator, route.handler)
        app.router.add_route(route.method, route.path, handler)


def add_fallback(app: web.Application, simulator: Simulator) -> None:
    """Everything else is 404 in Intercom's envelope; to be added last."""
    app.router.add_route("*", "/{path:.*}", endpoint(simulator, unknown))
