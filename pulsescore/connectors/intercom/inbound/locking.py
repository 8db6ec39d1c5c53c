"""Rights that only one process has at a time; a dead one leaves no lock behind."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from pulsescore.connectors.intercom.models import Connection
from pulsescore.core.locks import held_lock, own_conninfo

_LOOK_EVERY_SECS: Final = 1.0
_LONGEST_WAIT_SECS: Final = 180.0


@contextmanager
def executing(connection: Connection) -> Iterator[bool]:
    """Hold the right to execute runs of this connection; yields whether it was free."""
    with held_lock(own_conninfo(), f"intercom.sync:{connection.pk}") as alone:
        yield alone


@asynccontextmanager
async def scrolling(
    connection: Connection,
    *,
    longest_wait_secs: float = _LONGEST_WAIT_SECS,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[bool]:
    """Hold the right to scroll this workspace's companies; yields whether it came free in time.

    The right is one for all connections of the workspace, of whatever organization.
    """
    waited = 0.0
    while True:
        with held_lock(own_conninfo(), f"intercom.scroll:{connection.workspace_id}") as alone:
            if alone or waited >= longest_wait_secs:
                yield alone
                return
        await sleep(_LOOK_EVERY_SECS)
        waited += _LOOK_EVERY_SECS
