"""Where the control pages, their buttons and files are found."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlencode

from aiohttp import web

from intercom_sim.control.api import add_api
from intercom_sim.control.forms import submit
from intercom_sim.control.layout import name_of, page
from intercom_sim.control.log_pages import notifications_page, requests_page
from intercom_sim.control.people_page import people_page
from intercom_sim.control.person_page import person_page
from intercom_sim.control.trouble_page import trouble_page
from intercom_sim.control.writes import writes_page
from intercom_sim.markup import Html, el
from intercom_sim.simulator import Simulator

STATIC = Path(__file__).parent / "static"
Parts = Callable[[Simulator], list[Html]]
Show = Callable[[web.Request], Awaitable[web.Response]]


def add_control(app: web.Application, simulator: Simulator) -> None:
    """Pages at `/`, `/people/{id}`, `/requests` and beside it; JSON at `/_sim`."""
    add_api(app, simulator)
    app.router.add_static("/_sim/static", STATIC)

    async def home(request: web.Request) -> web.Response:
        parts = people_page(simulator, wanted=request.query.get("q", ""))
        return _page(simulator, request, parts, title="People")

    async def person(request: web.Request) -> web.Response:
        contact = simulator.workspace.contacts.get(request.match_info["id"])
        if contact is None:
            gone = [el("p", "There is nobody with this id (any more).", class_="empty")]
            return _page(simulator, request, gone, title="Nobody", status=404)
        parts = person_page(simulator, contact)
        return _page(simulator, request, parts, title=name_of(contact))

    async def do(request: web.Request) -> web.Response:
        form = {key: str(value) for key, value in (await request.post()).items()}
        said = submit(simulator, request.match_info["action"], form)
        back = form.get("back", "/")
        target = back if back.startswith("/") and not back.startswith("//") else "/"
        location = f"{target}?{urlencode({'said': said})}"
        return web.Response(status=303, headers={"Location": location})

    app.router.add_get("/", home)
    app.router.add_get("/people/{id}", person)
    app.router.add_post("/do/{action}", do)
    for path, title, parts in (
        ("/notifications", "Notifications", notifications_page),
        ("/requests", "Requests", requests_page),
        ("/writes", "Received writes", writes_page),
        ("/trouble", "Trouble", trouble_page),
    ):
        app.router.add_get(path, _plain(simulator, parts, title=title))


def _plain(simulator: Simulator, parts: Parts, *, title: str) -> Show:
    async def show(request: web.Request) -> web.Response:
        return _page(simulator, request, parts(simulator), title=title)

    return show


def _page(
    simulator: Simulator,
    request: web.Request,
    parts: list[Html],
    *,
    title: str,
    status: int = 200,
) -> web.Response:
    said = request.query.get("said")
    text = page(simulator, *parts, title=title, tab=request.path, said=said)
    return web.Response(text=text, status=status, content_type="text/html")
