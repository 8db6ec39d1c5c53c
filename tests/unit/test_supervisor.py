"""The supervisor keeps its children alive and takes them along when it ends."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from pulsescore.cli.supervisor import Child, Supervisor

PATIENCE_SECS = 30
SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
MORTAL = [sys.executable, "-c", "pass"]


def soon(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_SECS
    while not condition() and time.monotonic() < deadline:
        pass
    return condition()


def test_a_child_that_dies_is_started_again() -> None:
    told: list[str] = []
    child = Child("worker", SLEEPER)
    supervisor = Supervisor([child], watch=lambda: None, say=told.append)
    supervisor.start()
    assert child.process is not None
    first = child.process.pid
    child.process.kill()
    child.process.wait()
    supervisor._revive()
    try:
        assert child.process.pid != first
        assert not child.died()
        assert "worker ended" in told[0]
    finally:
        supervisor.stop()


def test_stopping_ends_every_child() -> None:
    children = [Child("one", SLEEPER), Child("two", SLEEPER)]
    supervisor = Supervisor(children)
    supervisor.start()
    supervisor.stop()
    assert all(child.died() for child in children)
    assert all(child.process and child.process.returncode == -signal.SIGTERM for child in children)


def test_a_child_ends_when_its_supervisor_was_killed() -> None:
    program = (
        "from pulsescore.cli.supervisor import end_with_parent; end_with_parent();"
        "import time; print('up', flush=True); time.sleep(600)"
    )
    child = Child("web", [sys.executable, "-c", program])
    child.start()
    assert child.process is not None
    assert child.process.stdin is not None
    child.process.stdin.close()
    assert child.process.wait(PATIENCE_SECS) == -signal.SIGTERM


WAITING = [
    sys.executable,
    "-c",
    "from pulsescore.cli import supervisor; supervisor.end_with_parent();"
    "print('loaded', flush=True); supervisor.wait_at_the_door(); print('in', flush=True)",
]


def test_a_child_that_starts_early_waits_at_the_door(capfd: pytest.CaptureFixture[str]) -> None:
    early, late = Child("web", WAITING, early=True), Child("worker", WAITING)
    supervisor = Supervisor([early, late])
    said: list[str] = []

    def hears(*words: str) -> bool:
        said.extend(capfd.readouterr().out.split())
        return said == [*words]

    supervisor.start_early()
    assert soon(lambda: hears("loaded"))
    assert late.process is None
    assert not early.died()
    supervisor.start()
    assert soon(lambda: early.died() and late.died())
    hears()
    assert sorted(said) == ["in", "in", "loaded", "loaded"]


def test_a_child_that_waits_ends_with_its_supervisor() -> None:
    child = Child("web", WAITING, early=True)
    Supervisor([child]).start_early()
    assert child.process is not None
    assert child.process.stdin is not None
    child.process.stdin.close()
    assert child.process.wait(PATIENCE_SECS) == -signal.SIGTERM


def test_a_finished_child_is_seen_as_dead() -> None:
    child = Child("short", MORTAL)
    child.start()
    assert isinstance(child.process, subprocess.Popen)
    assert soon(child.died)
