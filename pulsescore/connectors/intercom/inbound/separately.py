"""Admits pages in a process of its own, so that the one that writes has its interpreter to itself.

Only large imports start it. If it cannot be started, cannot do a task, or dies, the same work is
done here instead: it holds nothing that anybody would miss.
"""

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Final, Self

import msgspec
import structlog

from pulsescore.connectors.intercom.inbound import frames
from pulsescore.connectors.intercom.inbound.admitting import Task
from pulsescore.connectors.intercom.inbound.raw_pages import RawPage
from pulsescore.store.admission import Admitted
from pulsescore.store.packed import unpack

log = structlog.get_logger(__name__)

# From how many records on a phase is worth the third of a second that a process takes to start,
# and from how many bytes on those of a batch are if most of the phase needs no admission.
WORTH_FROM: Final = 5_000
_WORTH_BYTES: Final = 512 * 1024
_PROGRAM: Final = [sys.executable, "-m", "pulsescore.connectors.intercom.inbound.admitting"]
_PIPE_BYTES: Final = 1024 * 1024
_encode = msgspec.msgpack.Encoder().encode


class Separately:
    """The other process of a run, once there is one; used as an async context manager."""

    def __init__(self, *, worth_from: int = WORTH_FROM) -> None:
        self._worth_from = worth_from
        self._may_start = False
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exc: object) -> None:
        self._end()

    @property
    def process_id(self) -> int | None:
        """Of the process, while it lives."""
        return None if self._process is None else self._process.pid

    def expect(self, total: int | None, *, at_once: bool) -> None:
        """So many records will be read; `at_once` says that most of them need admission."""
        if total is None or total < self._worth_from:
            return
        self._may_start = True
        if at_once:
            self._start()

    def _start(self) -> None:
        if self._process is not None:
            return
        with contextlib.suppress(OSError):
            self._process = subprocess.Popen(  # noqa: S603 (our own program)
                _PROGRAM,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                pipesize=_PIPE_BYTES,
            )

    async def admit(
        self, pages: Sequence[RawPage], tag_names: Mapping[str, str], *, as_new: bool
    ) -> Admitted | None:
        """What the records of these pages say; None where that is to be found out here."""
        async with self._turn:
            if self._may_start and sum(len(page.body) for page in pages) >= _WORTH_BYTES:
                self._start()
            if self._process is None:
                return None
            task = _encode(Task([*pages], tag_names, as_new))
            try:
                return await asyncio.to_thread(_ask, self._process, task)
            except (OSError, EOFError):
                log.warning("intercom.admitting_process_lost")
                self._end()
                return None
            except asyncio.CancelledError:
                # its answer would be taken for that of the next task
                self._end()
                raise

    def _end(self) -> None:
        """Let go of the process, for good. It has nothing to finish, so it need not be asked."""
        self._may_start = False
        if self._process is not None:
            process, self._process = self._process, None
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()


def _ask(process: subprocess.Popen[bytes], task: bytes) -> Admitted | None:
    """Raises `OSError` or `EOFError` when the process is gone."""
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018
    frames.write(process.stdin, task)
    answer = frames.read(process.stdout)
    if answer is None:
        raise EOFError
    if not answer:
        log.warning("intercom.admitting_process_refused", bytes=len(task))
        return None
    return unpack(answer)
