"""Authorize page, token exchange and uninstalling, as an app meets them."""

from pathlib import Path
from string import Template
from urllib.parse import urlencode, urlsplit, urlunsplit

from aiohttp import web

from intercom_sim.gateway import endpoint
from intercom_sim.markup import escape
from intercom_sim.rest.call import Call, Reply, as_json
from intercom_sim.rest.errors import ApiError
from intercom_sim.rest.site import Site
from intercom_sim.simulator import Simulator

PAGES = Path(__file__).parent / "pages"
CONSENT = Template((PAGES / "consent.html").read_text(encoding="utf-8"))
REFUSAL = Template((PAGES / "refusal.html").read_text(encoding="utf-8"))
WORDS = {
    "invalid_client": "No app with this client id is known here.",
    "redirect_uri_mismatch": "The redirect address is not one of those registered for this app.",
}


def add_oauth(app: web.Application, simulator: Simulator) -> None:
    """The pages and endpoints of OAuth."""

    async def authorize(request: web.Request) -> web.Response:
        return _consent(simulator, request)

    async def decide(request: web.Request) -> web.Response:
        form = await request.post()
        return _decided(simulator, request, allowed=form.get("decision") == "authorize")

    def exchange(site: Site, call: Call) -> Reply:
        return _exchange(simulator, call)

    async def uninstall(request: web.Request) -> web.StreamResponse:
        response = await leave(request)
        token = request.headers.get("Authorization", "").partition(" ")[2]
        if response.status == 200:
            simulator.tokens.revoke(token)
        return response

    leave = endpoint(simulator, lambda site, call: as_json({"uninstalled": True}))
    app.router.add_get("/oauth", authorize)
    app.router.add_post("/oauth", decide)
    token = endpoint(simulator, exchange, open_to_all=True)
    app.router.add_post("/auth/eagle/token", token)
    app.router.add_post("/auth/uninstall", uninstall)


def _problem(simulator: Simulator, request: web.Request) -> str | None:
    """What is wrong with an authorize request, as OAuth's error word."""
    if request.query.get("client_id") != simulator.tokens.app.client_id:
        return "invalid_client"
    if simulator.tokens.app.redirect_to(request.query.get("redirect_uri")) is None:
        return "redirect_uri_mismatch"
    return None


def _consent(simulator: Simulator, request: web.Request) -> web.Response:
    problem = _problem(simulator, request)
    if problem is not None:
        return _refused(problem)
    identity = simulator.workspace.identity
    back = simulator.tokens.app.redirect_to(request.query.get("redirect_uri")) or ""
    page = CONSENT.substitute(
        workspace=escape(identity.name),
        app_id=escape(identity.app_id),
        region=escape(identity.region),
        client=escape(simulator.tokens.app.client_id),
        host=escape(urlsplit(back).netloc),
        action=escape(f"/oauth?{request.query_string}"),
    )
    return web.Response(text=page, content_type="text/html")


def _refused(problem: str) -> web.Response:
    page = REFUSAL.substitute(problem=escape(problem), words=escape(WORDS[problem]))
    return web.Response(text=page, content_type="text/html", status=400)


def _decided(simulator: Simulator, request: web.Request, *, allowed: bool) -> web.Response:
    problem = _problem(simulator, request)
    if problem is not None:
        return _refused(problem)
    answer = {"state": request.query.get("state", "")}
    if allowed:
        answer |= {"code": simulator.tokens.issue_code(now=simulator.workspace.clock.time())}
    else:
        answer |= {"error": "access_denied"}
    back = simulator.tokens.app.redirect_to(request.query.get("redirect_uri")) or ""
    parts = urlsplit(back)
    query = "&".join(one for one in (parts.query, urlencode(answer)) if one)
    return web.Response(status=302, headers={"Location": urlunsplit(parts._replace(query=query))})


def _exchange(simulator: Simulator, call: Call) -> Reply:
    failure = simulator.faults.error(call.method, call.path)
    if failure is not None:
        raise ApiError(failure[0], failure[1] or "server_error", "Token exchange failed")
    fields = call.fields()
    token = simulator.tokens.exchange(
        code=str(fields.get("code", "")),
        client_id=str(fields.get("client_id", "")),
        client_secret=str(fields.get("client_secret", "")),
        now=simulator.workspace.clock.time(),
    )
    return as_json({"token_type": "Bearer", "token": token, "access_token": token})
