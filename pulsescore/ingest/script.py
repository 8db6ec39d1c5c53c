"""pulse.js as a website loads it: one file per write key, with what its settings say. Pure."""

import hashlib
import re
from pathlib import Path
from typing import Final

import msgspec

from pulsescore.ingest import answers
from pulsescore.ingest.answers import Answer
from pulsescore.ingest.storing import Key

_ADDRESS: Final = re.compile(r"js/([A-Za-z0-9_-]{1,64})\.js")
_SOURCE: Final = Path(__file__).with_name("pulse.js")
_PLACE: Final = "__SETTINGS__"


def is_address(name: str) -> bool:
    """Whether an address beneath the prefix is that of a script."""
    return _ADDRESS.fullmatch(name) is not None


def key_in(name: str) -> str | None:
    """The write key in a script's address."""
    found = _ADDRESS.fullmatch(name)
    return found.group(1) if found else None


def address_of(key: str) -> str:
    """The path at which a website loads the script of a write key."""
    return f"/v1/js/{key}.js"


def source() -> str:
    """The script before its settings are put in, without comments and indentation."""
    lines = (line.strip() for line in _SOURCE.read_text().splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def answer(text: str | None, key: Key | None) -> Answer:
    """The script of a write key; browsers keep it for an hour, and use it while they ask anew."""
    if key is None or text is None:
        return answers.UNKNOWN
    settings = msgspec.json.encode({"key": text, "forward": key.forwards_to_messenger}).decode()
    code = _SCRIPT.replace(_PLACE, settings).encode()
    tag = hashlib.blake2b(code, digest_size=12).hexdigest().encode()
    return Answer(
        200,
        headers=(
            (b"cache-control", b"public, max-age=3600, stale-while-revalidate=86400"),
            (b"etag", b'"' + tag + b'"'),
            (b"x-content-type-options", b"nosniff"),
            (b"cross-origin-resource-policy", b"cross-origin"),
        ),
        raw=code,
        content_type=b"text/javascript; charset=utf-8",
    )


_SCRIPT: Final = source()
