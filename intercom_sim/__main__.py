"""`python -m intercom_sim`: serves a generated workspace until interrupted."""

import argparse
import asyncio
import contextlib
import gc
import signal
import sys
from datetime import UTC, datetime

import uvloop

from intercom_sim.clock import SystemClock
from intercom_sim.generator.build import Size, generate
from intercom_sim.server import start
from intercom_sim.simulator import Settings, Simulator
from intercom_sim.warm import warm
from intercom_sim.webhooks.notifications import GENERATIONS
from intercom_sim.workspace import Identity, Workspace


def parser() -> argparse.ArgumentParser:
    """The options of the command line."""
    made = argparse.ArgumentParser(prog="intercom_sim", description=__doc__)
    add = made.add_argument
    add("--host", default="127.0.0.1")
    add("--port", type=int, default=8100)
    add("--contacts", type=int, default=300, help="people to make up")
    add("--conversations", type=int, help="default: two for each contact")
    add("--companies", type=int, help="default: one for eight contacts")
    add("--empty", action="store_true", help="no people, companies or conversations")
    add("--seed", type=int, default=7)
    add("--now", type=datetime.fromisoformat, help="the present, ISO 8601 (default: really now)")
    add("--latency-ms", type=float, default=0, help="wait before each answer")
    add("--rate-limit", type=int, default=10_000, help="requests a minute, in 10-second windows")
    add("--webhook-url", help="where notifications go")
    add("--webhook-generation", choices=GENERATIONS, default="current")
    add("--webhook-retry-secs", type=float, default=60)
    add("--client-id", default="demo-client")
    add("--client-secret", default="demo-secret")
    add("--redirect-uri", action="append", default=[], help="default: any on this machine")
    add("--access-token", default="demo-token", help="a token that is always valid")
    add("--region", choices=("US", "EU", "AU"), default="US")
    add("--timezone", default="America/New_York")
    add("--app-id", default="sim00001")
    add("--workspace-name", default="Lantern Works")
    return made


def make_workspace(options: argparse.Namespace) -> Workspace:
    """The workspace that the options describe; it stays, so the collector need not walk it."""
    identity = Identity(options.app_id, options.workspace_name, options.region, options.timezone)
    contacts = 0 if options.empty else options.contacts
    size = Size(contacts, options.conversations, options.companies)
    clock = SystemClock(starts_at=_present(options.now))
    workspace = generate(size, seed=options.seed, identity=identity, clock=clock)
    warm(workspace)
    gc.freeze()
    return workspace


def _present(now: datetime | None) -> float | None:
    if now is None:
        return None
    return (now if now.tzinfo else now.replace(tzinfo=UTC)).timestamp()


def make_settings(options: argparse.Namespace) -> Settings:
    return Settings(
        client_id=options.client_id,
        client_secret=options.client_secret,
        access_token=options.access_token,
        redirect_uris=tuple(options.redirect_uri),
        rate_limit=options.rate_limit,
        latency_ms=options.latency_ms,
        webhook_url=options.webhook_url,
        webhook_generation=options.webhook_generation,
        webhook_retry_secs=options.webhook_retry_secs,
    )


async def serve(options: argparse.Namespace) -> None:
    """Serve until SIGINT or SIGTERM."""
    simulator = Simulator(make_workspace(options), make_settings(options))
    runner, url = await start(simulator, host=options.host, port=options.port)
    workspace = simulator.workspace
    sys.stdout.write(
        f"Intercom simulator ready at {url}: {len(workspace.contacts)} contacts, "
        f"{len(workspace.conversations)} conversations, {len(workspace.companies)} companies\n"
    )
    sys.stdout.flush()
    over = asyncio.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(one, over.set)
    await over.wait()
    await runner.cleanup()


def main() -> None:
    with contextlib.suppress(KeyboardInterrupt):
        uvloop.run(serve(parser().parse_args()))


if __name__ == "__main__":
    main()
