"""Keeps child processes running: starts them, restarts what dies, stops all together."""

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


@dataclass
class Child:
    """One supervised process."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it in a session of its own; it ends when our end of its standard input closes."""
        self.process = subprocess.Popen(  # noqa: S603 (our own command line)
            self.command,
            stdin=subprocess.PIPE,
            env={**os.environ, SUPERVISED: "1"},
            start_new_session=True,
        )

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

    def start(self) -> None:
        """Start every child."""
        for child in self.children:
            child.start()

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
        threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    # Unbuffered: a lock of a buffered reader would disturb the interpreter's end.
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
