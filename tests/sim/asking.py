"""A plain HTTP client for tests, and a server that collects notifications."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode, urlsplit


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)

    @property
    def code(self) -> str:
        """The first error's code."""
        return self.json["errors"][0]["code"]


@dataclass
class Client:
    """Asks one server; `token` None sends no Authorization header."""

    url: str
    token: str | None = "demo-token"

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: dict[str, str] | None = None,
        form: dict[str, str] | None = None,
        timeout: float = 10,
    ) -> Answer:
        sent = {"Content-Type": "application/json", **(headers or {})}
        if self.token is not None:
            sent["Authorization"] = f"Bearer {self.token}"
        raw = None if body is None else body if isinstance(body, bytes) else json.dumps(body)
        if form is not None:
            raw, sent["Content-Type"] = urlencode(form), "application/x-www-form-urlencoded"
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=timeout)
        try:
            connection.request(method, path, raw, sent)
            response = connection.getresponse()
            return Answer(response.status, dict(response.headers), response.read())
        finally:
            connection.close()

    def get(self, path: str, **options: Any) -> Answer:
        return self.ask("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> Answer:
        return self.ask("POST", path, body, **options)


@dataclass
class Inbox:
    """Collects notifications; `answers` are the next statuses, then 200."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, count: int) -> list[dict[str, Any]]:
        """The bodies, once there are `count`."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.received) >= count, timeout=10)
        return [json.loads(body) for _, body in self.received]

    def take(self, headers: dict[str, str], body: bytes) -> int:
        with self.arrived:
            self.received.append((headers, body))
            self.arrived.notify_all()
            return self.answers.pop(0) if self.answers else 200


@contextmanager
def listening() -> Iterator[Inbox]:
    """An inbox on a free port of this machine."""
    inbox = Inbox()

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            inbox.methods.append("HEAD")
            self._answer(200)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._answer(inbox.take(dict(self.headers), body))

        def _answer(self, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Tests need no access log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    inbox.url = f"http://127.0.0.1:{server.server_port}/hooks"
    try:
        yield inbox
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
