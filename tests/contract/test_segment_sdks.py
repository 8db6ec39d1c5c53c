"""Segment's own libraries, unchanged, tell PulseScore what people do."""

import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import segment.analytics as segment
import uvicorn

from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Organization, Role
from pulsescore.core.clock import utcnow
from pulsescore.core.locks import own_conninfo
from pulsescore.ingest.actions import create_write_key
from pulsescore.ingest.asgi import IngestEndpoint
from pulsescore.ingest.models import WriteKey
from pulsescore.ingest.queue import work_once
from pulsescore.store.models import Company, Customer, TimelineEvent

NODE = Path(__file__).parent / "segment_node"
EVENTS = ["Looked", "Paid", "Viewed Cart screen", "Viewed Pricing page"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def key(transactional_db: None) -> WriteKey:
    org = Organization.objects.create(name="Acme")
    actor = Actor(user=None, org_id=org.pk, role=Role.ADMIN, via="api_key", api_key_id=1)
    return create_write_key(actor, name="SDK", now=utcnow())


@pytest.fixture
def host(key: WriteKey) -> Iterator[str]:
    async def wake(org_ids: frozenset[int]) -> None:
        del org_ids

    endpoint = IngestEndpoint(wake=wake, conninfo=own_conninfo)

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await endpoint(scope, receive, send)
            return
        while (await receive())["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        await endpoint.aclose()
        await send({"type": "lifespan.shutdown.complete"})

    with served(application) as address:
        yield address


@contextmanager
def served(application: Any) -> Iterator[str]:
    """The application behind a real socket of this machine."""
    listener = socket.create_server(("127.0.0.1", 0))
    started = threading.Event()

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            started.set()

    server = Server(uvicorn.Config(application, log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        assert started.wait(20)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def told(key: WriteKey, user: str) -> tuple[Customer, list[str], str | None]:
    """Who the user has become, their timeline, and their company."""
    while work_once(key.org_id, now=utcnow()):
        pass
    person = Customer.objects.for_org(key.org_id).get(external_user_id=user)
    rows = TimelineEvent.objects.for_org(key.org_id).filter(customer=person)
    return (
        person,
        sorted(rows.values_list("name", flat=True)),
        Company.objects.for_org(key.org_id).get().name,
    )


@pytest.mark.parametrize("gzip", [False, True])
def test_the_python_library_works_as_it_is(key: WriteKey, host: str, gzip: bool) -> None:
    failures: list[object] = []
    client = segment.Client(
        key.key,
        host=host,
        gzip=gzip,
        on_error=lambda error, _items: failures.append(error),
        upload_interval=0.05,
    )
    client.identify("python", {"email": "python@example.com", "plan": "pro"})
    client.track("python", "Paid", {"sum": 5})
    client.page("python", name="Pricing")
    client.screen("python", name="Cart")
    client.group("python", "g", {"name": "Python Ltd"})
    client.track(anonymous_id="browser", event="Looked")
    client.alias("browser", "python")
    client.shutdown()

    person, events, company = told(key, "python")
    assert failures == []
    assert (person.email, person.traits["plan"]) == ("python@example.com", "pro")
    assert (events, company) == (EVENTS, "Python Ltd")


@pytest.mark.skipif(
    shutil.which("node") is None or not (NODE / "node_modules").is_dir(),
    reason="needs Node and `npm ci` in tests/contract/segment_node",
)
def test_the_node_library_works_as_it_is(key: WriteKey, host: str) -> None:
    command = ["node", "send.mjs", host, key.key]
    ended = subprocess.run(
        command, cwd=NODE, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 0, ended.stderr

    person, events, company = told(key, "node")
    assert (person.email, person.traits["plan"]) == ("node@example.com", "pro")
    assert (events, company) == (EVENTS, "Node Ltd")
