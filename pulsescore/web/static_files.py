"""Static files: hashed, compressed and cached for ever once laid out, plain before."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]
from whitenoise.responders import StaticFile  # type: ignore[import-untyped]
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


class StaticMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]
    """Serves static files whole: a streamed answer would block the event loop in a thread."""

    def add_files(self, root: str, prefix: str | None = None) -> None:
        """Take over a folder of files; one that was not laid out yet has none."""
        if Path(root).is_dir():
            super().add_files(root, prefix)

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        """The file, or what a conditional or partial request asks of it."""
        found = static_file.get_response(request.method, request.META)
        content = b""
        if found.file is not None:
            with found.file as file:
                content = file.read()
        response = HttpResponse(content, status=int(found.status))
        del response["Content-Type"]
        for name, value in found.headers:
            response[name] = value
        return response


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
