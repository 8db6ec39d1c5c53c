"""The whole product as an operator runs it: `pulsescore up` beside the simulator."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import psutil

from tests.journeys import prepared

CLIENT_ID = "journey-client"
CLIENT_SECRET = "journey-secret"
ACCESS_TOKEN = "journey-token"
PATIENCE_SECS = 180
LOOK_EVERY_SECS = 0.1


@dataclass
class Answer:
    """What an HTTP call came back with."""

    status: int
    body: Any
    headers: dict[str, str]


def call(
    method: str, url: str, body: Any = None, *, headers: dict[str, str] | None = None
) -> Answer:
    """One HTTP call with JSON in and out; errors of HTTP are answers, not exceptions."""
    data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method, headers=headers or {})
    if body is not None and not isinstance(body, bytes):
        request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return _answer(response.status, response.read(), dict(response.headers))
    except urllib.error.HTTPError as error:
        return _answer(error.code, error.read(), dict(error.headers))


def _answer(status: int, raw: bytes, headers: dict[str, str]) -> Answer:
    try:
        return Answer(status, json.loads(raw) if raw else None, headers)
    except ValueError:
        return Answer(status, raw.decode(errors="replace"), headers)


def eventually(condition: Callable[[], Any], *, patience: float = PATIENCE_SECS) -> Any:
    """Look until the condition holds and return what it returned; fail after the patience ends."""
    deadline = time.monotonic() + patience
    while True:
        with contextlib.suppress(OSError, http.client.HTTPException):
            found = condition()
            if found:
                return found
        if time.monotonic() > deadline:
            raise AssertionError(f"did not come true within {patience} s: {condition}")
        time.sleep(LOOK_EVERY_SECS)


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Stack:
    """Product and simulator as processes; addresses, and handles to hurt them."""

    contacts: int = 60
    simulator_options: tuple[str, ...] = ()
    port: int = field(default_factory=free_port)
    simulator_port: int = field(default_factory=free_port)
    directory: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="pulse-stack-")))
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def simulator_url(self) -> str:
        return f"http://127.0.0.1:{self.simulator_port}"

    def __enter__(self) -> Self:
        prepared.copy_to(self.directory)
        self.start_simulator()
        self.start_product()
        return self

    def __exit__(self, *_exc: object) -> None:
        for name in ("product", "simulator"):
            self.stop(name)
        shutil.rmtree(self.directory, ignore_errors=True)

    def start_simulator(self) -> None:
        command = [sys.executable, "-m", "intercom_sim", "--port", str(self.simulator_port)]
        command += ["--contacts", str(self.contacts), "--access-token", ACCESS_TOKEN]
        command += ["--client-id", CLIENT_ID, "--client-secret", CLIENT_SECRET]
        command += ["--webhook-url", f"{self.url}/api/v1/webhooks/intercom"]
        command += ["--webhook-retry-secs", "2", *self.simulator_options]
        self._spawn("simulator", command)
        eventually(lambda: call("GET", f"{self.simulator_url}/").status == 200)

    def start_product(self) -> None:
        command = [sys.executable, "-m", "pulsescore", "up", "--port", str(self.port)]
        self._spawn("product", [*command, "--data-dir", str(self.directory)])
        eventually(lambda: call("GET", f"{self.url}/readyz").status == 200)

    def stop(self, name: str) -> None:
        process = self.processes.pop(name, None)
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def children(self, word: str) -> list[psutil.Process]:
        """The product's child processes whose command line has this word."""
        family = psutil.Process(self.processes["product"].pid).children(recursive=True)
        alive = [child for child in family if child.status() != psutil.STATUS_ZOMBIE]
        return [child for child in alive if word in child.cmdline()]

    def postmaster(self) -> psutil.Process:
        """The embedded database's main process."""
        pid = (self.directory / "postgres" / "postmaster.pid").read_text().splitlines()[0]
        return psutil.Process(int(pid))

    def _spawn(self, name: str, command: list[str]) -> None:
        log = (self.directory / f"{name}.log").open("ab")
        self.processes[name] = subprocess.Popen(
            command, env=self._environment(), stdout=log, stderr=log, stdin=subprocess.DEVNULL
        )

    def _environment(self) -> dict[str, str]:
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith("PULSESCORE_")
        }
        return {
            **inherited,
            "PULSESCORE_PUBLIC_URL": self.url,
            "PULSESCORE_API_RATE": "0",
            "INTERCOM_API_URL": self.simulator_url,
            "INTERCOM_OAUTH_URL": self.simulator_url,
            "INTERCOM_CLIENT_ID": CLIENT_ID,
            "INTERCOM_CLIENT_SECRET": CLIENT_SECRET,
        }


@dataclass
class ApiClient:
    """A program that uses the REST API with an access token."""

    stack: Stack
    token: str = ""

    def register(self, email: str = "ada@example.com", org_name: str = "Acme") -> Answer:
        answer = self.call(
            "POST",
            "/auth/register",
            {
                "org_name": org_name,
                "first_name": "Ada",
                "last_name": "Lovelace",
                "email": email,
                "password": "correct horse battery",
            },
        )
        self.token = answer.body["tokens"]["access_token"]
        return answer

    def call(self, method: str, path: str, body: Any = None) -> Answer:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return call(method, f"{self.stack.url}/api/v1{path}", body, headers=headers)

    def connect(self, **settings: Any) -> Answer:
        return self.call(
            "POST",
            "/integrations/intercom/connections",
            {"access_token": ACCESS_TOKEN, **settings},
        )

    def connection(self) -> dict[str, Any]:
        answer = self.call("GET", "/integrations/intercom/status")
        assert answer.status == 200, answer.body
        connection: dict[str, Any] = answer.body["connections"][0]
        return connection

    def imported(self) -> dict[str, Any] | None:
        """The connection once its newest run has succeeded and it is connected."""
        answer = self.call("GET", "/integrations/intercom/status")
        if answer.status == 503:
            return None
        connection = self.connection()
        run = connection["run"]
        done = bool(run) and run["status"] == "succeeded" and connection["status"] == "connected"
        return connection if done else None


@contextlib.contextmanager
def running(**options: Any) -> Iterator[Stack]:
    """A stack that is up within the block."""
    with Stack(**options) as stack:
        yield stack
