"""Peak memory of the process that syncs: at ten times the workspace it may hardly grow.

Each size is synced in a process of its own, beside a simulator of its own: a full import, its
scores, then a reconciliation, which remembers every id that it came across. The peak
of resident memory is read from the kernel and set back before each; that of the largest process
that a run started and that has ended is added. There is no floor: the small workspace is what the
large one is compared with.
"""

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import django

from benchmarks import report, world
from benchmarks.importing import connect, product
from benchmarks.report import Result
from pulsescore.core.clock import utcnow

TARGET = 1.2
SIZES, SMALL_SIZES = (20_000, 200_000), (60, 120)
_MIB = 1024 * 1024
Peaks = dict[str, float]


def main() -> None:
    """Measure and print; `--sync` is for the processes that it starts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="some dozens of contacts")
    parser.add_argument("--sync", metavar="EMAIL", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.sync:
        print(json.dumps(sync(options.sync)))
        return
    sizes = SMALL_SIZES if options.small else SIZES
    with world.database():
        few, many = (_sync_in_process(size) for size in sizes)
    report.show(results(few, many, sizes=sizes, small=options.small))


def sync(email: str) -> Peaks:
    """Import, score and reconcile in this process; the peak of each in bytes, and seconds."""
    django.setup()
    connection = connect(email)
    work = product("pipeline.work")
    product("cli.management.commands.work").suit_interpreter()
    began = time.perf_counter()
    _forget_peak()
    peaks = {"begin": _peak()}
    peaks["import"] = _run(connection, "full")
    _forget_peak()
    work.rescore_pending(connection.org_id, now=utcnow())
    peaks["scores"] = _peak()
    peaks["reconcile"] = _run(connection, "reconcile")
    return {**peaks, "seconds": time.perf_counter() - began}


def results(few: Peaks, many: Peaks, *, sizes: tuple[int, int], small: bool) -> list[Result]:
    """The growth of each kind of run from the small workspace to the large one."""
    return [
        _result(kind, few, many, sizes=sizes, small=small)
        for kind in ("import", "scores", "reconcile")
    ]


def _result(kind: str, few: Peaks, many: Peaks, *, sizes: tuple[int, int], small: bool) -> Result:
    ratio = many[kind] / few[kind]
    return Result(
        name=f"memory_{kind}",
        work=f"{kind} of {sizes[1]:,} contacts, compared with {sizes[0]:,}",
        measured=many[kind] / _MIB,
        floor=few[kind] / _MIB,
        ratio=ratio,
        unit="MiB",
        target=f"≤ {TARGET} × the small workspace",
        passed=None if small else ratio <= TARGET,
        remark=f"{many['begin'] / _MIB:.0f} MiB before; {many['seconds']:.0f} s for everything",
    )


def _run(connection: object, kind: str) -> float:
    """The peak while a run of that kind is executed to its end."""
    run = product("connectors.intercom.runs").request_run(
        connection, kind=kind, trigger="benchmark", now=utcnow()
    )
    _forget_peak()
    asyncio.run(product("pipeline.work").execute_run(run.pk))
    run.refresh_from_db()
    if run.status != "succeeded":
        raise RuntimeError(f"the {kind} run failed: {run.error}")
    return _peak() + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024.0


def _sync_in_process(contacts: int) -> Peaks:
    command = [sys.executable, "-m", "benchmarks.memory", "--sync", f"{contacts}@example.com"]
    with world.simulator(contacts=contacts, conversations=2 * contacts):
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    peaks: Peaks = json.loads(done.stdout.strip().splitlines()[-1])
    return peaks


def _peak() -> float:
    """The most bytes that this process ever had resident (since the peak was forgotten)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024.0
    raise RuntimeError("the kernel does not tell the peak of memory")


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


if __name__ == "__main__":
    main()
