"""A test event names the step that failed, whatever stands at the public address."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.conf import LazySettings

from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom.inbox.self_test import SelfTest, send_test_event
from pulsescore.connectors.intercom.models import Connection, LogEntry
from pulsescore.connectors.intercom.secrets import seal_webhook_secret
from pulsescore.core.errors import Conflict, Forbidden
from tests.db.intercom_inbox.conftest import NOW


class Elsewhere:
    """Something that answers at the public address, always with the same status."""

    def __init__(self, status: int) -> None:
        self.signatures: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.signatures.append(self.headers["X-Hub-Signature"])
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(status)
                self.send_header("Location", "https://example.com/")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_told: object) -> None:
                """Nobody reads it."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def status() -> int:
    return 200


@pytest.fixture
def elsewhere(status: int, settings: LazySettings) -> Iterator[Elsewhere]:
    there = Elsewhere(status)
    settings.CONFIG = replace(settings.CONFIG, public_url=there.url)
    yield there
    there.close()


def send(connection: Connection, *, secret: str = "", role: Role = Role.ADMIN) -> SelfTest:
    actor = Actor(user=None, org_id=connection.org_id, role=role, via="command")
    return send_test_event(
        actor, connection_id=connection.pk, secret=secret, now=NOW, worker_secs=0
    )


@pytest.mark.parametrize(
    ("status", "step", "said"),
    [
        (200, "Storage", "nothing arrived here"),
        (302, "Address", "redirects elsewhere"),
        (401, "Signature", "refuses the stored secret"),
        (404, "Address", "Something else answers"),
        (503, "Address", "answers with a fault"),
    ],
)
def test_the_step_that_failed_is_named_with_a_remedy(
    step: str, said: str, connection: Connection, elsewhere: Elsewhere
) -> None:
    test = send(connection)

    assert not test.passed
    assert test.steps[-1].title == step
    assert said in test.steps[-1].told
    assert test.steps[-1].remedy
    assert all(one.passed for one in test.steps[:-1])
    assert len(elsewhere.signatures) == 1


@pytest.mark.parametrize("status", [401])
def test_a_typed_secret_that_is_refused_is_said_to_be_another(
    connection: Connection, elsewhere: Elsewhere
) -> None:
    test = send(connection, secret="another-secret-altogether")

    assert "The secret that you typed is not the one stored here" in test.steps[-1].told


def test_nothing_answers(connection: Connection, settings: LazySettings) -> None:
    gone = Elsewhere(200)
    gone.close()
    settings.CONFIG = replace(settings.CONFIG, public_url=gone.url)

    test = send(connection)

    assert test.steps[-1].told.startswith("Nothing answers at")


def test_without_a_secret_nothing_is_sent(connection: Connection, elsewhere: Elsewhere) -> None:
    seal_webhook_secret(connection, "", now=NOW)
    connection.save()

    test = send(connection)

    assert [one.title for one in test.steps] == ["Secret"]
    assert elsewhere.signatures == []


def test_the_outcome_is_logged_and_no_secret_with_it(
    connection: Connection, elsewhere: Elsewhere
) -> None:
    send(connection, secret="typed-by-hand-0123")

    line = LogEntry.objects.for_org(connection.org_id).latest("id")
    assert (line.kind, line.severity, line.message) == (
        "webhook",
        "error",
        "Test event failed: storage",
    )
    assert "typed-by-hand" not in str(line.details)


def test_members_and_disconnected_connections_send_none(connection: Connection) -> None:
    with pytest.raises(Forbidden):
        send(connection, role=Role.MEMBER)
    Connection.objects.for_org(connection.org_id).update(status="disconnected")
    with pytest.raises(Conflict):
        send(connection)
