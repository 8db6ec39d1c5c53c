"""Every benchmark still runs, at a small size; its figures are not judged here."""

import json
import subprocess
import sys

import pytest

from benchmarks.__main__ import names

pytestmark = pytest.mark.journey
PATIENCE_SECS = 300


@pytest.mark.parametrize("name", names())
def test_a_benchmark_runs_and_reports_what_it_measured(name: str) -> None:
    command = [sys.executable, "-m", "benchmarks", name, "--small"]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE_SECS, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    results = json.loads(done.stdout.strip().splitlines()[-1])
    results = results if isinstance(results, list) else [results]
    assert results
    assert all(result["name"].startswith(name) for result in results)
