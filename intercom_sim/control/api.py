"""The control interface: JSON under `/_sim`.

    GET    /_sim                          the workspace in numbers
    GET    /_sim/contacts?q=&limit=       people by name, address or id
    GET    /_sim/contacts/{id}            one person
    GET    /_sim/conversations/{id}       one conversation
    GET    /_sim/actions                  every action and its arguments
    POST   /_sim/actions/{name}           do it; the body holds the arguments
    GET    /_sim/requests?writes=1&limit= requests, newest first, with totals
    DELETE /_sim/requests                 forget them
    GET    /_sim/deliveries?topic=&limit= notifications, newest first
    DELETE /_sim/deliveries               forget them
    POST   /_sim/deliveries/{id}/resend   send the same bytes again
    GET, PATCH, DELETE /_sim/faults       switches of the REST service; DELETE resets
    GET, PATCH /_sim/webhooks             address, generation, topics, faults
    POST   /_sim/webhooks/ping            send a ping
    POST   /_sim/webhooks/validate        the HEAD request
    POST   /_sim/tokens                   {"token"}: make it valid
    POST   /_sim/tokens/revoke            {"token"?, "code"?}: one, or all

Errors are `{"error": text}` with 400, 404 or 409.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import web

from intercom_sim.actions.errors import ActionError
from intercom_sim.changes import Change
from intercom_sim.control import summaries, switches
from intercom_sim.control.catalogue import ACTIONS, parameters, perform
from intercom_sim.control.errors import ControlError
from intercom_sim.control.finding import find_people
from intercom_sim.simulator import Simulator

Json = dict[str, Any]
Answer = Callable[[web.Request, Json], Any]
STATUS = {"unknown": 404, "conflict": 409, "invalid": 400}


def add_api(app: web.Application, simulator: Simulator) -> None:
    """Register every address of the module's docstring."""
    api = ControlApi(simulator)
    for method, path, answer in (
        ("GET", "", api.overview),
        ("GET", "/contacts", api.contacts),
        ("GET", "/contacts/{id}", api.contact),
        ("GET", "/conversations/{id}", api.conversation),
        ("GET", "/actions", api.actions),
        ("POST", "/actions/{name}", api.act),
        ("GET", "/requests", api.requests),
        ("DELETE", "/requests", api.forget_requests),
        ("GET", "/deliveries", api.deliveries),
        ("DELETE", "/deliveries", api.forget_deliveries),
        ("POST", "/deliveries/{id}/resend", api.resend),
        ("GET", "/faults", api.faults),
        ("PATCH", "/faults", api.set_faults),
        ("DELETE", "/faults", api.reset_faults),
        ("GET", "/webhooks", api.webhooks),
        ("PATCH", "/webhooks", api.set_webhooks),
        ("POST", "/webhooks/ping", api.ping),
        ("POST", "/tokens", api.grant),
        ("POST", "/tokens/revoke", api.revoke),
    ):
        app.router.add_route(method, f"/_sim{path}", _answering(answer))
    app.router.add_post("/_sim/webhooks/validate", api.validate)


def _answering(answer: Answer) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        try:
            return _json(answer(request, _body(await request.read())))
        except ControlError as error:
            return _json({"error": str(error)}, status=error.status)
        except ActionError as error:
            return _json({"error": str(error)}, status=STATUS[error.reason])

    return handle


def _body(raw: bytes) -> Json:
    try:
        body = msgspec.json.decode(raw or b"{}")
    except msgspec.DecodeError:
        raise ControlError("the body is not JSON") from None
    if not isinstance(body, dict):
        raise ControlError("the body is not an object")
    return body


def _json(value: object, *, status: int = 200) -> web.Response:
    body = msgspec.json.encode(value)
    return web.Response(body=body, status=status, content_type="application/json")


def _limit(request: web.Request) -> int:
    text = request.query.get("limit", "100")
    if not text.isdigit():
        raise ControlError("limit is not a number")
    return int(text)


class ControlApi:
    """One method for each address."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._workspace = simulator.workspace

    def overview(self, request: web.Request, body: Json) -> Json:
        return summaries.overview(self._simulator)

    def contacts(self, request: web.Request, body: Json) -> Json:
        wanted = request.query.get("q", "")
        found = find_people(self._workspace, wanted, limit=_limit(request))
        return {"contacts": [summaries.contact(one, workspace=self._workspace) for one in found]}

    def contact(self, request: web.Request, body: Json) -> Json:
        found = self._workspace.contacts.get(request.match_info["id"])
        if found is None:
            raise ControlError("there is no such contact", status=404)
        return summaries.contact(found, workspace=self._workspace)

    def conversation(self, request: web.Request, body: Json) -> Json:
        found = self._workspace.conversations.get(request.match_info["id"])
        if found is None:
            raise ControlError("there is no such conversation", status=404)
        return summaries.conversation(found)

    def actions(self, request: web.Request, body: Json) -> Json:
        return {
            "actions": {
                name: {"doc": action.__doc__, "arguments": list(parameters(action))}
                for name, action in ACTIONS.items()
            }
        }

    def act(self, request: web.Request, body: Json) -> Json:
        made = perform(self._workspace, request.match_info["name"], body)
        return {"ok": True, **summaries.result(made, workspace=self._workspace)}

    def requests(self, request: web.Request, body: Json) -> Json:
        log = self._simulator.log
        writes = request.query.get("writes") in ("1", "true")
        kept = log.writes() if writes else list(log)
        newest = kept[::-1][: _limit(request)]
        return {
            "total": log.total,
            "total_writes": log.total_writes,
            "requests": [summaries.request(one) for one in newest],
        }

    def forget_requests(self, request: web.Request, body: Json) -> Json:
        self._simulator.log.clear()
        return {"ok": True}

    def deliveries(self, request: web.Request, body: Json) -> Json:
        log = self._simulator.webhooks.log
        topic = request.query.get("topic")
        kept = [one for one in log if topic in (None, one.topic)]
        newest = kept[::-1][: _limit(request)]
        return {
            "total": log.total,
            "idle": self._simulator.webhooks.idle,
            "deliveries": [summaries.delivery(one) for one in newest],
        }

    def forget_deliveries(self, request: web.Request, body: Json) -> Json:
        self._simulator.webhooks.log.clear()
        return {"ok": True}

    def resend(self, request: web.Request, body: Json) -> Json:
        wanted = request.match_info["id"]
        found = next((one for one in self._simulator.webhooks.log if one.id == wanted), None)
        if found is None:
            raise ControlError("there is no such notification", status=404)
        self._simulator.webhooks.resend(found)
        return {"ok": True}

    def faults(self, request: web.Request, body: Json) -> Json:
        return switches.shown_faults(self._simulator)

    def set_faults(self, request: web.Request, body: Json) -> Json:
        switches.set_faults(self._simulator, body)
        return switches.shown_faults(self._simulator)

    def reset_faults(self, request: web.Request, body: Json) -> Json:
        switches.reset_faults(self._simulator)
        return switches.shown_faults(self._simulator)

    def webhooks(self, request: web.Request, body: Json) -> Json:
        return switches.shown_target(self._simulator)

    def set_webhooks(self, request: web.Request, body: Json) -> Json:
        switches.set_target(self._simulator, body)
        return switches.shown_target(self._simulator)

    def ping(self, request: web.Request, body: Json) -> Json:
        self._workspace.announce(Change("ping", self._workspace.clock.time()))
        return {"ok": True}

    async def validate(self, request: web.Request) -> web.Response:
        attempt = await self._simulator.webhooks.validate()
        return _json({"status": attempt.status, "error": attempt.error})

    def grant(self, request: web.Request, body: Json) -> Json:
        if not isinstance(body.get("token"), str):
            raise ControlError("token is missing")
        self._simulator.tokens.grant(body["token"])
        return {"ok": True}

    def revoke(self, request: web.Request, body: Json) -> Json:
        code = str(body.get("code", "token_revoked"))
        if body.get("token") is None:
            return {"revoked": self._simulator.tokens.revoke_all(code=code)}
        self._simulator.tokens.revoke(str(body["token"]), code=code)
        return {"revoked": 1}
