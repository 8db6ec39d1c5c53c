"""Makes the environment that Django reads: data directory, secret key, database.

Nothing here may import Django's settings; they are read once, afterwards.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import django

from pulsescore.core import config, crypto, embedded


class SettingMissing(Exception):
    """A process setting is needed and has no sensible default; the message names it."""


@dataclass(frozen=True)
class Installation:
    """Where this installation keeps its files and which database it uses."""

    data_dir: Path
    database_url: str
    embedded: bool


def prepare(
    *, data_dir: Path | None = None, generate_key: bool = False, keep_database: bool = False
) -> Installation:
    """Make the environment complete and hand Django its settings.

    `generate_key` writes a secret key into the data directory where none is set;
    `keep_database` leaves an embedded server running at exit, for an owner that stops it.
    """
    if data_dir is not None:
        os.environ["PULSESCORE_DATA_DIR"] = str(data_dir)
    settings = config.load()
    os.environ["PULSESCORE_DATA_DIR"] = str(settings.data_dir)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    os.environ["PULSESCORE_SECRET_KEY"] = _secret_key(settings, generate=generate_key)
    own_database = not settings.database_url
    url = settings.database_url or embedded.start(settings.data_dir, stop_at_exit=not keep_database)
    os.environ["PULSESCORE_DATABASE_URL"] = url
    os.environ["DJANGO_SETTINGS_MODULE"] = "pulsescore.settings"
    return Installation(data_dir=settings.data_dir, database_url=url, embedded=own_database)


def setup_django() -> None:
    """Load Django; from here on models may be imported."""
    django.setup()


def _secret_key(settings: config.Config, *, generate: bool) -> str:
    if settings.secret_key:
        return settings.secret_key
    path = settings.data_dir / "secret.key"
    if path.exists():
        return path.read_text().strip()
    if not generate:
        raise SettingMissing(
            "PULSESCORE_SECRET_KEY is not set and the data directory has no secret.key. "
            "Set it to a long random text (the same for every process), or run `pulsescore up`, "
            "which makes one."
        )
    return _write_new_key(path)


def _write_new_key(path: Path) -> str:
    """Write the key so that of two processes starting together both use the same one."""
    draft = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(crypto.new_secret_key())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()
