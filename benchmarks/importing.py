"""One first import in this process, timed: from the queued run to scored customers.

Imports Django models inside its functions: they exist only after the database was started.
"""

import asyncio
import importlib
import time
from dataclasses import dataclass
from typing import Any

from benchmarks import world
from pulsescore.core.clock import utcnow


@dataclass(frozen=True)
class Imported:
    """What an import brought and how long its two halves took, in seconds."""

    org_id: int
    connection_id: int
    contacts: int
    conversations: int
    import_seconds: float
    score_seconds: float

    @property
    def seconds(self) -> float:
        """From the first request to the last score."""
        return self.import_seconds + self.score_seconds


def product(name: str) -> Any:
    """A module of the product that may only be loaded once Django is set up."""
    return importlib.import_module(f"pulsescore.{name}")


def connect(email: str = "ada@example.com") -> Any:
    """An organization whose connection waits for its first import."""
    user, organization = product("accounts.actions").register(
        org_name="Benchmark",
        first_name="Ada",
        last_name="Lovelace",
        email=email,
        password="correct horse battery staple",  # noqa: S106 (of nobody)
        now=utcnow(),
    )
    actor = product("accounts.queries").get_actor(user=user, org_id=organization.id)
    return product("connectors.intercom.actions").connect_with_token(
        actor, access_token=world.TOKEN, now=utcnow()
    )


def run_import(connection: Any, *, kind: str = "full") -> Imported:
    """Execute a run to its end and score what it changed."""
    run = product("connectors.intercom.runs").request_run(
        connection, kind=kind, trigger="benchmark", now=utcnow()
    )
    product("cli.management.commands.work").suit_interpreter()
    began = time.perf_counter()
    asyncio.run(product("pipeline.work").execute_run(run.pk))
    read = time.perf_counter()
    product("pipeline.work").rescore_pending(connection.org_id, now=utcnow())
    scored = time.perf_counter()
    run.refresh_from_db()
    if run.status != "succeeded":
        raise RuntimeError(f"the import failed: {run.error}")
    counts = product("store.queries").counts(connection.org_id, connection.source_id)
    return Imported(
        org_id=connection.org_id,
        connection_id=connection.pk,
        contacts=counts.customers + counts.held_contacts,
        conversations=counts.conversations + counts.held_conversations,
        import_seconds=read - began,
        score_seconds=scored - read,
    )


def import_workspace() -> Imported:
    """Connect the simulated workspace and import it for the first time."""
    return run_import(connect())
