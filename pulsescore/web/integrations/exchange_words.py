"""Pure: how the last fetch or send of something is told in a line, with a bar while it goes on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pulsescore.web.words import plural


class Fetched(Protocol):
    """A sync run."""

    status: str
    phase: str
    done: int
    total: int | None
    imported: int
    skipped: int
    failed: int
    started_at: datetime | None
    finished_at: datetime | None
    created_at: datetime


class Sent(Protocol):
    """A send run."""

    state: str
    total: int
    passed: int
    looked: int
    differing: int
    settled: int
    written: int
    refused: int
    left: int
    finished_at: datetime | None
    asked_at: datetime

    @property
    def waiting(self) -> int: ...


@dataclass(frozen=True)
class Line:
    """The words, a bar where it goes on (`total` is None where its length is not known), when."""

    text: str
    at: datetime
    is_moving: bool = False
    done: int = 0
    total: int | None = None
    is_trouble: bool = False


def fetch_line(run: Fetched) -> Line:
    """How a fetch stands."""
    if run.status == "queued":
        return Line("Waits for a worker", run.created_at, is_moving=True)
    if run.status == "running":
        at = run.started_at or run.created_at
        told = f"{run.done:,} of {run.total:,}" if run.total else "Getting ready"
        return Line(told, at, is_moving=True, done=run.done, total=run.total or None)
    at = run.finished_at or run.created_at
    if run.status == "succeeded":
        parts = [f"{run.imported:,} read"]
        parts += [f"{run.skipped:,} skipped"] if run.skipped else []
        parts += [f"{run.failed:,} failed"] if run.failed else []
        return Line(", ".join(parts), at)
    return Line("Failed" if run.status == "failed" else "Canceled", at, is_trouble=True)


def send_line(run: Sent) -> Line:
    """How a send run stands."""
    if run.state == "queued":
        return Line("Waits for a worker", run.asked_at, is_moving=True)
    if run.state == "looking":
        text = f"Comparing, {run.passed:,} of {run.total:,}"
        return Line(text, run.asked_at, is_moving=True, done=run.passed, total=run.total or None)
    if run.state == "sending":
        text = f"{run.settled:,} of {run.differing:,} sent"
        total = run.differing or None
        return Line(text, run.asked_at, is_moving=True, done=run.settled, total=total)
    if run.state == "held":
        waits = plural(run.waiting, "waits", "wait")
        return Line(f"{waits} for a word", run.asked_at, is_trouble=True)
    return Line(result_of(run), run.finished_at or run.asked_at, is_trouble=bool(run.refused))


def result_of(run: Sent) -> str:
    """What came of a run that ended."""
    if not (run.differing or run.left):
        if run.state == "stopped":
            return "Stopped"
        return "Nothing differed" if run.looked else "Nobody to compare"
    parts = [f"{run.written:,} written"]
    parts += [f"{run.refused:,} refused"] if run.refused else []
    parts += [f"{run.left:,} not sent"] if run.left else []
    return ", ".join(parts)
