"""Every benchmark still runs, at a small size; its figures are not judged here."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.__main__ import names
from benchmarks.world import TEMPLATE_SETTING
from pulsescore.core import embedded
from tests.journeys import prepared

pytestmark = pytest.mark.journey
PATIENCE_SECS = 300
# As somebody types it; the others are run by one process.
TYPED = "rescore"
# Watches the demo's start in test_commands.py, where an empty directory is filled anyway.
WATCHED = "cold_start"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated database that all of them copy, instead of migrating one each."""
    directory: Path = tmp_path_factory.mktemp("bench")
    prepared.copy_to(directory)
    yield embedded.start(directory, stop_at_exit=False)
    embedded.stop(directory)


@pytest.fixture(scope="module")
def stage(template: str) -> Iterator["subprocess.Popen[str]"]:
    """A process that has loaded the product and rehearses one after the other."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.rehearsal"],
        env={**os.environ, TEMPLATE_SETTING: template, "PULSESCORE_DATABASE_URL": template},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield process
        assert process.stdin
        process.stdin.close()


def rehearse(stage: "subprocess.Popen[str]", name: str, told: Path) -> int:
    assert stage.stdin
    assert stage.stdout
    impatience = threading.Timer(PATIENCE_SECS, stage.kill)
    impatience.start()
    print(name, told, file=stage.stdin, flush=True)
    answer = stage.stdout.readline()
    impatience.cancel()
    return int(answer or 1)


def measured(said: str, name: str) -> None:
    results = json.loads(said.strip().splitlines()[-1])
    results = results if isinstance(results, list) else [results]
    assert results
    assert all(result["name"].startswith(name) for result in results)


def test_a_benchmark_is_run_by_its_name(template: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", TYPED, "--small"],
        env={**os.environ, TEMPLATE_SETTING: template},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    measured(done.stdout, TYPED)


@pytest.mark.parametrize("name", [name for name in names() if name not in {TYPED, WATCHED}])
def test_a_benchmark_runs_and_reports_what_it_measured(
    name: str, stage: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    told = tmp_path / "told"
    code = rehearse(stage, name, told)
    said = told.read_text()
    assert code == 0, said[-2000:]
    measured(said, name)
