"""A benchmark's answer: what was measured, the floor, their ratio, the target, passed or not."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Result:
    """One measured figure. `ratio` compares `measured` with `floor`, both in `unit`."""

    name: str
    work: str
    measured: float
    unit: str
    target: str
    passed: bool | None
    floor: float | None = None
    ratio: float | None = None
    remark: str = ""


def show(results: Sequence[Result]) -> None:
    """Print the table for people and one line of JSON for programs."""
    table = Table(title="Benchmarks", title_justify="left")
    for title in ("name", "work", "measured", "floor", "ratio", "target", "", "remark"):
        table.add_column(title, overflow="fold")
    for result in results:
        table.add_row(
            result.name,
            result.work,
            _figure(result.measured, result.unit),
            _figure(result.floor, result.unit),
            _figure(result.ratio, "×"),
            result.target,
            {True: "pass", False: "MISS", None: "–"}[result.passed],
            result.remark,
        )
    Console(width=150).print(table)
    print(json.dumps([asdict(result) for result in results]))


def _figure(value: float | None, unit: str) -> str:
    return (
        "–" if value is None else f"{value:,.3g} {unit}" if value < 1000 else f"{value:,.0f} {unit}"
    )


def growth(name: str, small: Result, large: Result, *, most: float) -> Result:
    """How what was measured grew from one size to the next."""
    times = large.measured / small.measured
    return Result(
        name=f"{name} growth",
        work=f"{small.work} → {large.work}",
        measured=times,
        unit="×",
        target=f"≤ {most:g} ×",
        passed=times <= most,
    )
