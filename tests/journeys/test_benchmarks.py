"""Every benchmark still runs, at a small size; its figures are not judged here."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.__main__ import names
from benchmarks.world import TEMPLATE_SETTING
from pulsescore.core import embedded
from tests.journeys import prepared

pytestmark = pytest.mark.journey
PATIENCE_SECS = 300


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated database that all of them copy, instead of migrating one each."""
    directory: Path = tmp_path_factory.mktemp("bench")
    prepared.copy_to(directory)
    yield embedded.start(directory, stop_at_exit=False)
    embedded.stop(directory)


@pytest.mark.parametrize("name", names())
def test_a_benchmark_runs_and_reports_what_it_measured(name: str, template: str) -> None:
    command = [sys.executable, "-m", "benchmarks", name, "--small"]
    done = subprocess.run(
        command,
        env={**os.environ, TEMPLATE_SETTING: template},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    results = json.loads(done.stdout.strip().splitlines()[-1])
    results = results if isinstance(results, list) else [results]
    assert results
    assert all(result["name"].startswith(name) for result in results)
