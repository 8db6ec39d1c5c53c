"""A migrated database at rest, made once for all workers and copied by whoever needs one.

It is kept from run to run: what has changed since is brought up to date as an installation is.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pulsescore

PATIENCE_SECS = 60
# Tests kill processes, never the machine: what the kernel holds is as good as on the disk.
SETTINGS = "fsync = off\n"


def copy_to(directory: Path) -> None:
    """Fill a directory with an installation that is migrated and belongs to nobody yet."""
    home = Path(tempfile.gettempdir()) / f"pulsescore-prepared-{os.getuid()}"
    home.mkdir(mode=0o755, exist_ok=True)
    with _alone(home / "lock"):
        original, stamp = home / "data", home / "stamp"
        fingerprint = _fingerprint(Path(pulsescore.__file__).parent.rglob("migrations/*.py"))
        if not stamp.exists() or stamp.read_text() != fingerprint:
            stamp.unlink(missing_ok=True)
            shutil.rmtree(original, ignore_errors=True)
            _make(original)
            stamp.write_text(fingerprint)
        subprocess.run(["cp", "-a", "--reflink=auto", f"{original}/.", directory], check=True)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _make(directory: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PULSESCORE_")}
    command = [sys.executable, "-m", "pulsescore", "migrate", "--data-dir", str(directory)]
    subprocess.run(command, env=kept, check=True, capture_output=True)
    _wait_until_gone(directory / "postgres" / "postmaster.pid")
    with (directory / "postgres" / "postgresql.auto.conf").open("a") as file:
        file.write(SETTINGS)


def _wait_until_gone(path: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECS
    while path.exists():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{path} is still there")
        time.sleep(0.05)


def _fingerprint(files: Iterable[Path]) -> str:
    digest = hashlib.sha256(sys.prefix.encode())
    for file in sorted(files):
        digest.update(file.read_bytes())
    return digest.hexdigest()
