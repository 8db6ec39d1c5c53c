"""The commands as an operator types them, each in a process of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import cold_start
from tests.journeys.stack import call, eventually, free_port

pytestmark = pytest.mark.journey
PATIENCE_SECS = 120


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    # The embedded server runs as another user when the tests run as root.
    tmp_path.chmod(0o755)
    return tmp_path / "data"


def environment(**extra: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PULSESCORE_")}
    return {**kept, "COLUMNS": "200", **extra}


def pulsescore(*words: str, **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pulsescore", *words],
        env=environment(**extra),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECS,
        check=False,
    )


def test_help_lists_every_command() -> None:
    told = pulsescore("--help").stdout
    for command in ("up", "demo", "web", "worker", "migrate", "sync", "simulator", "doctor"):
        assert command in told


def test_a_worker_without_a_secret_key_says_what_to_set(data_dir: Path) -> None:
    done = pulsescore("worker", "--data-dir", str(data_dir))
    assert done.returncode == 2
    assert "PULSESCORE_SECRET_KEY" in done.stdout


def test_a_setting_that_is_no_number_is_named(data_dir: Path) -> None:
    done = pulsescore("migrate", "--data-dir", str(data_dir), PULSESCORE_API_RATE="many")
    assert done.returncode == 2
    assert "PULSESCORE_API_RATE must be a whole number" in done.stdout


def test_a_new_installation_is_migrated_and_found_in_order(data_dir: Path) -> None:
    migrated = pulsescore("migrate", "--data-dir", str(data_dir))
    assert migrated.returncode == 0, migrated.stderr
    assert (data_dir / "secret.key").stat().st_mode & 0o077 == 0
    checked = pulsescore("doctor", "--data-dir", str(data_dir))
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "Tables: up to date" in checked.stdout
    assert "(embedded, at /" in checked.stdout
    synced = pulsescore("sync", "--data-dir", str(data_dir))
    assert synced.returncode != 0
    assert "no connected workspace" in synced.stdout + synced.stderr


def test_the_demo_is_timed_shows_scored_customers_and_stops_cleanly(data_dir: Path) -> None:
    port = free_port()
    words = ["demo", "--port", str(port), "--contacts", "60", "--data-dir", str(data_dir)]
    demo = subprocess.Popen(
        [sys.executable, "-m", "pulsescore", *words],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        start = cold_start.watch(demo, data_dir, f"http://127.0.0.1:{port}/")
        assert demo.stdout is not None
        told = []
        for line in demo.stdout:
            told.append(line)
            if "Stop everything with Ctrl-C" in line:
                break
        assert call("GET", f"http://127.0.0.1:{port}/readyz").status == 200
        demo.send_signal(signal.SIGINT)
        rest, _ = demo.communicate(timeout=PATIENCE_SECS)
    finally:
        demo.kill()
    text = "".join(told)
    assert "contacts" in text
    assert "ada@example.com" in text
    assert "Healthy" in text
    assert "Stopped." in rest
    assert demo.returncode == 0
    timed = cold_start.result([start])
    assert timed.measured == start.marks["first page"] > start.marks["tables"] > 0
    assert start.processor_secs > 0
    eventually(lambda: not (data_dir / "postgres" / "postmaster.pid").exists(), patience=60)
