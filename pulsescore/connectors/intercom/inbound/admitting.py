"""Pieces to what the store takes; as a program, for another process of the same run. Pure.

The program reads tasks from its standard input and answers each on its standard output until there
are no more, which is also how it learns that the process which started it has ended.
"""

import contextlib
import gc
import os
import signal
import sys
from collections.abc import Iterable, Mapping
from typing import IO

import msgspec
from msgspec import Struct

from pulsescore.connectors.intercom.inbound import frames
from pulsescore.connectors.intercom.inbound.pieces import Piece, opened, records_of
from pulsescore.connectors.intercom.inbound.raw_pages import RawPage
from pulsescore.store.admission import Admitted, admit_all
from pulsescore.store.packed import pack

# What is made of a page lives briefly and forms no cycles.
_GC_THRESHOLD = 50_000


class Task(Struct):
    """Pages to be admitted; `as_new` as in `admission.admit_all`."""

    pages: list[RawPage]
    tag_names: Mapping[str, str]
    as_new: bool


_task = msgspec.msgpack.Decoder(Task).decode


def admit_pieces(
    pieces: Iterable[Piece], tag_names: Mapping[str, str], *, as_new: bool
) -> Admitted:
    """What the records of these pieces say; raises `UnreadableAnswer` for a page that is none."""
    records = (record for piece in pieces for record in records_of(piece, tag_names))
    return admit_all(records, as_new=as_new)


def serve(asked: IO[bytes], told: IO[bytes]) -> None:
    """Answer tasks until they end; an empty answer says that this one cannot be done here."""
    while (task := frames.read(asked)) is not None:
        frames.write(told, _answer(task))


def _answer(task: bytes) -> bytes:
    try:
        given = _task(task)
        pieces = [opened(page, given.tag_names) for page in given.pages]
        return pack(admit_pieces(pieces, given.tag_names, as_new=given.as_new))
    except Exception:  # noqa: BLE001 (who asked does it again, and meets it there)
        return b""


def main() -> None:
    """Serve on the standard streams; what anything prints goes to the log instead."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(_GC_THRESHOLD, 20, 20)
    told = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    # who asked may end at any moment, which leaves nothing to be done
    with contextlib.suppress(BrokenPipeError), told:
        serve(sys.stdin.buffer, told)


if __name__ == "__main__":
    main()
