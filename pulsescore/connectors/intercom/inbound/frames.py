"""Messages on a pipe, each behind its length. Pure."""

from typing import IO

_LENGTH_BYTES = 8


def write(stream: IO[bytes], message: bytes) -> None:
    """Send one message; raises `OSError` when nobody reads any more."""
    stream.write(len(message).to_bytes(_LENGTH_BYTES))
    stream.write(message)
    stream.flush()


def read(stream: IO[bytes]) -> bytes | None:
    """The next message; None at the end, also where it comes within a message."""
    length = stream.read(_LENGTH_BYTES)
    if len(length) < _LENGTH_BYTES:
        return None
    expected = int.from_bytes(length)
    message = stream.read(expected)
    return message if len(message) == expected else None
