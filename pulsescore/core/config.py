"""Process settings, read from the environment once and nowhere else."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Config:
    """Everything an operator can set. Empty strings mean "not set"."""

    database_url: str
    database_pool: int
    data_dir: Path
    secret_key: str
    public_url: str
    debug: bool
    intercom_client_id: str
    intercom_client_secret: str
    intercom_api_url: str
    intercom_oauth_url: str
    api_rate: int
    allow_private_targets: bool
    smtp_url: str
    mail_from: str
    support_contact: str
    log_format: str
    log_level: str


def default_data_dir(environ: Mapping[str, str]) -> Path:
    """Where an installation keeps its files unless told otherwise (XDG base directories)."""
    base = environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "pulsescore"


def load(environ: Mapping[str, str] = os.environ) -> Config:
    """Read the environment. A value that makes no sense raises `ValueError` naming the variable."""
    data_dir = environ.get("PULSESCORE_DATA_DIR")
    return Config(
        database_url=environ.get("PULSESCORE_DATABASE_URL", ""),
        database_pool=_whole_number(environ, "PULSESCORE_DATABASE_POOL", 16),
        data_dir=Path(data_dir) if data_dir else default_data_dir(environ),
        secret_key=environ.get("PULSESCORE_SECRET_KEY", ""),
        public_url=environ.get("PULSESCORE_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/"),
        debug=environ.get("PULSESCORE_DEBUG", "") == "1",
        intercom_client_id=environ.get("INTERCOM_CLIENT_ID", ""),
        intercom_client_secret=environ.get("INTERCOM_CLIENT_SECRET", ""),
        intercom_api_url=environ.get("INTERCOM_API_URL", "").rstrip("/"),
        intercom_oauth_url=environ.get("INTERCOM_OAUTH_URL", "").rstrip("/"),
        api_rate=_whole_number(environ, "PULSESCORE_API_RATE", 600),
        allow_private_targets=environ.get("PULSESCORE_ALLOW_PRIVATE_TARGETS", "") == "1",
        smtp_url=environ.get("PULSESCORE_SMTP_URL", ""),
        mail_from=environ.get("PULSESCORE_MAIL_FROM", "PulseScore <pulsescore@localhost>"),
        support_contact=environ.get("PULSESCORE_SUPPORT_CONTACT", ""),
        log_format=_choice(environ, "PULSESCORE_LOG_FORMAT", ("console", "json")),
        log_level=_choice(environ, "PULSESCORE_LOG_LEVEL", ("warning", "debug", "info", "error")),
    )


def _choice(environ: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    """One of the choices, the first unless set."""
    value = environ.get(name, "").lower() or choices[0]
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, not {value!r}")
    return value


def _whole_number(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, "")
    if not text:
        return default
    try:
        value = int(text)
    except ValueError:
        raise ValueError(f"{name} must be a whole number, not {text!r}") from None
    if value < 0:
        raise ValueError(f"{name} must not be negative")
    return value
