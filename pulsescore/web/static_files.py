"""Static files: hashed, compressed and cached for ever once laid out, plain before."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

_STAMP = ".laid-out"


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed names where the manifest knows them; plain names where nothing was laid out."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        """The hashed name, or the name itself: a missing file is a 404, never a broken page."""
        if not self.hashed_files:
            return name
        return str(self.hashed_files.get(self.hash_key(self.clean_name(name)), name))


def lay_out() -> bool:
    """Copy, hash and compress all static files into the data directory.

    Returns False where that was already done for exactly these files.
    """
    root = Path(settings.STATIC_ROOT)
    fingerprint = _fingerprint(_sources())
    stamp = root / _STAMP
    if stamp.exists() and stamp.read_text() == fingerprint:
        return False
    call_command("collectstatic", interactive=False, clear=root.exists(), verbosity=0)
    stamp.write_text(fingerprint)
    return True


def _sources() -> Iterator[Path]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            yield Path(storage.path(name))


def _fingerprint(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        facts = file.stat()
        digest.update(f"{file}|{facts.st_size}|{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
