"""From `pulsescore up` on an empty directory to the first page that answers.

The command runs as somebody types it, on a free port, and ends by the signal of Ctrl-C. Nothing is
there before: no key, no database, no static files. There is no floor; the target is what a person
waits for. Where the time goes is told by what others can see of the start: the key is written when
the program is loaded, the settings when the database's files are made; the worker begins when the
tables are there, the web process is loaded meanwhile. Processor time is that of all its processes,
the database included: on a shared machine it says more than the clock. The median of three starts
is told.

`python -m benchmarks.cold_start [--small]`: one start instead of three.
"""

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import psutil

from benchmarks import report, world
from pulsescore.core import embedded

STARTS = 3
TARGET_SECS = 10
LOOK_EVERY_SECS = 0.02
STOP_PATIENCE_SECS = 30


@dataclass(frozen=True)
class Start:
    """Seconds until each mark was seen, the first page the last of them, and processor seconds."""

    marks: dict[str, float]
    processor_secs: float

    @property
    def seconds(self) -> float:
        """Until the first page."""
        return max(self.marks.values())

    def __str__(self) -> str:
        times = [0.0, *self.marks.values()]
        parts = [
            f"{name} {until - since:.1f} s"
            for name, since, until in zip(self.marks, times, times[1:], strict=False)
        ]
        return f"{', '.join(parts)}; processor {self.processor_secs:.1f} s"


def main() -> None:
    """Start and stop it, and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.cold_start", description=__doc__)
    parser.add_argument("--small", action="store_true", help="one start")
    count = 1 if parser.parse_args().small else STARTS
    report.show([result([measure() for _ in range(count)])])


def measure() -> Start:
    """One start in a directory of its own, which is removed with all that ran in it."""
    directory = Path(tempfile.mkdtemp(prefix="pulse-cold-"))
    try:
        with _product(directory, port := world.free_port()) as process:
            return watch(process, directory, f"http://127.0.0.1:{port}/")
    finally:
        embedded.stop(directory)
        shutil.rmtree(directory, ignore_errors=True)


def watch(process: subprocess.Popen[Any], directory: Path, url: str) -> Start:
    """Look for one mark after the other; fails when the command ends before the last."""
    began, family = time.monotonic(), psutil.Process(process.pid)
    coming: dict[str, Callable[[], bool]] = {
        "program": (directory / "secret.key").exists,
        "database": (directory / "postgres" / embedded.SETTINGS_FILE).exists,
        "server": lambda: _takes_connections(directory),
        "tables": lambda: _serves(family),
        "first page": lambda: _answers(url),
    }
    marks: dict[str, float] = {}
    for name, is_there in coming.items():
        while not is_there():
            if process.poll() is not None or time.monotonic() > began + world.PATIENCE_SECS:
                raise RuntimeError(f"no first page: it did not get past {list(marks)}")
            time.sleep(LOOK_EVERY_SECS)
        marks[name] = time.monotonic() - began
    return Start(marks, _processor_secs(family, directory))


def result(starts: Sequence[Start]) -> report.Result:
    """The median start, and where its time went."""
    start = sorted(starts, key=lambda one: one.seconds)[len(starts) // 2]
    return report.Result(
        name="cold_start",
        work="pulsescore up on an empty directory, until the first page",
        measured=start.seconds,
        unit="s",
        target=f"≤ {TARGET_SECS} s",
        passed=start.seconds <= TARGET_SECS,
        remark=str(start),
    )


@contextlib.contextmanager
def _product(directory: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """The command, which says what it has to say beside the results."""
    command = [sys.executable, "-m", "pulsescore", "up"]
    options = ["--port", str(port), "--data-dir", str(directory)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PULSESCORE_")}
    process = subprocess.Popen(
        [*command, *options], env=kept, stdin=subprocess.DEVNULL, stdout=sys.stderr
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_PATIENCE_SECS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _takes_connections(directory: Path) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return "ready" in (directory / "postgres" / "postmaster.pid").read_text().split()
    return False


def _serves(family: psutil.Process) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return any("worker" in child.cmdline() for child in family.children())
    return False


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as page:  # noqa: S310 (our own address)
            return bool(page.status == HTTPStatus.OK)
    except OSError:
        return False


def _processor_secs(family: psutil.Process, directory: Path) -> float:
    """Of the command, all that it started, and the embedded database."""
    processes = [family, *family.children(recursive=True)]
    with contextlib.suppress(FileNotFoundError):
        first_line = (directory / "postgres" / "postmaster.pid").read_text().split()[0]
        server = psutil.Process(int(first_line))
        processes += [server, *server.children()]
    return sum(map(_spent_secs, processes))


def _spent_secs(process: psutil.Process) -> float:
    """By a process and those of its children that have ended."""
    try:
        return float(sum(process.cpu_times()[:4]))
    except psutil.NoSuchProcess:
        return 0.0


if __name__ == "__main__":
    main()
