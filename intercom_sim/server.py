"""The simulator as a web server: built, run in the foreground, or in a thread for tests."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import uvloop
from aiohttp import web

from intercom_sim.control.routes import add_control
from intercom_sim.gateway import add_fallback, add_routes
from intercom_sim.oauth import add_oauth
from intercom_sim.rest import (
    attachments,
    attributes,
    catalog,
    companies,
    company_writes,
    contact_writes,
    contacts,
    conversation_writes,
    conversations,
    events,
    subscriptions,
    tag_writes,
    tickets,
    visitors,
)
from intercom_sim.simulator import Settings, Simulator
from intercom_sim.workspace import Workspace

ROUTES = (
    *catalog.ROUTES,
    *contacts.ROUTES,
    *conversations.ROUTES,
    *companies.ROUTES,
    *events.ROUTES,
    *contact_writes.ROUTES,
    *conversation_writes.ROUTES,
    *tickets.ROUTES,
    *tag_writes.ROUTES,
    *company_writes.ROUTES,
    *attachments.ROUTES,
    *attributes.ROUTES,
    *subscriptions.ROUTES,
    *visitors.ROUTES,
)
MOST_BODY = 8 * 1024 * 1024
T = TypeVar("T")


def build_app(simulator: Simulator) -> web.Application:
    """The whole server: REST, OAuth, control; webhooks are sent while it runs."""
    app = web.Application(client_max_size=MOST_BODY)
    add_routes(app, simulator, ROUTES)
    add_oauth(app, simulator)
    add_control(app, simulator)
    add_fallback(app, simulator)
    app.cleanup_ctx.append(simulator.webhooks.run)
    return app


@dataclass
class Running:
    """A simulator that is being served from a background thread."""

    simulator: Simulator
    url: str
    loop: asyncio.AbstractEventLoop

    @property
    def workspace(self) -> Workspace:
        return self.simulator.workspace

    @property
    def token(self) -> str:
        """The token that is always valid."""
        return self.simulator.settings.access_token

    def call(self, function: Callable[[], T]) -> T:
        """Run something in the server's own thread and wait for it."""

        async def inside() -> T:
            return function()

        return asyncio.run_coroutine_threadsafe(inside(), self.loop).result(timeout=30)


@contextmanager
def run_in_thread(
    workspace: Workspace, *, settings: Settings | None = None, port: int = 0
) -> Iterator[Running]:
    """Serve a workspace on a free port of this machine until the block ends."""
    simulator = Simulator(workspace, settings or Settings())
    loop = uvloop.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="intercom-sim", daemon=True)
    thread.start()
    try:
        runner, url = asyncio.run_coroutine_threadsafe(
            start(simulator, host="127.0.0.1", port=port), loop
        ).result(timeout=30)
        try:
            yield Running(simulator, url, loop)
        finally:
            asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(timeout=30)
    finally:
        workspace.unsubscribe(simulator.webhooks.notice)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=30)
        loop.close()


async def start(simulator: Simulator, *, host: str, port: int) -> tuple[web.AppRunner, str]:
    """Begin to serve; gives the runner to clean up and the address."""
    runner = web.AppRunner(build_app(simulator), access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    await site.start()
    bound = runner.addresses[0][1]
    return runner, f"http://{host}:{bound}"
