"""Keeps child processes running: starts them, restarts what dies, stops all together.

A child may be started before what it needs is ready: it loads its program, which takes most of its
start, and waits at the door (`wait_at_the_door`) until the others are started.
"""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

RESTART_PAUSE_SECS = 1.0
STOP_PATIENCE_SECS = 10.0
SUPERVISED = "PULSESCORE_SUPERVISED"
_WAITS = "PULSESCORE_WAITS"
_let_in = threading.Event()


@dataclass
class Child:
    """One supervised process; one that is `early` waits at the door by itself."""

    name: str
    command: Sequence[str]
    early: bool = False
    process: subprocess.Popen[bytes] | None = None

    def start(self, *, waits: bool = False) -> None:
        """Start it in a session of its own; it ends when our end of its standard input closes."""
        self.process = subprocess.Popen(  # noqa: S603 (our own command line)
            self.command,
            stdin=subprocess.PIPE,
            env={**os.environ, SUPERVISED: "1", _WAITS: "1" if waits else ""},
            start_new_session=True,
        )

    def let_in(self) -> None:
        """Have it go on if it waits at the door."""
        if self.process is not None and self.process.stdin is not None:
            # who has died meanwhile is started again by the supervisor
            with contextlib.suppress(OSError):
                self.process.stdin.write(b"\n")
                self.process.stdin.flush()

    def died(self) -> bool:
        """Whether it was started and has ended."""
        return self.process is not None and self.process.poll() is not None


@dataclass
class Supervisor:
    """Runs children until `stop` is asked for; `watch` is called about once a second."""

    children: list[Child]
    watch: Callable[[], None] = lambda: None
    say: Callable[[str], None] = print
    _stopping: threading.Event = field(default_factory=threading.Event)

    def start_early(self) -> None:
        """Start the children that may load while what they need is made ready."""
        for child in self.children:
            if child.early:
                child.start(waits=True)

    def start(self) -> None:
        """Start every child, and let in those that wait."""
        for child in self.children:
            if child.process is None:
                child.start()
            else:
                child.let_in()

    def run(self) -> None:
        """Keep the children alive until a signal or `stop`; then end them all."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._stopping.set())
        try:
            while not self._stopping.wait(RESTART_PAUSE_SECS):
                self.watch()
                self._revive()
        finally:
            self.stop()

    def stop(self) -> None:
        """Ask every child to end, then insist."""
        self._stopping.set()
        alive = [child.process for child in self.children if child.process and not child.died()]
        for process in alive:
            process.terminate()
        deadline = time.monotonic() + STOP_PATIENCE_SECS
        for process in alive:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _revive(self) -> None:
        for child in self.children:
            if child.died() and child.process is not None:
                self.say(f"{child.name} ended with code {child.process.returncode}; restarting it.")
                child.start()


def end_with_parent() -> None:
    """In a supervised child: end gracefully when the supervisor is gone, however it went."""
    if os.environ.get(SUPERVISED) == "1":
        threading.Thread(target=_listen_to_parent, daemon=True).start()


def wait_at_the_door() -> None:
    """In a child that was started early: wait until the supervisor lets it in.

    Call `end_with_parent` before: whoever waits ends with the supervisor, too.
    """
    if os.environ.get(_WAITS) == "1":
        _let_in.wait()


def _listen_to_parent() -> None:
    # Unbuffered: a lock of a buffered reader would disturb the interpreter's end.
    while os.read(0, 1024):
        _let_in.set()
    os.kill(os.getpid(), signal.SIGTERM)
