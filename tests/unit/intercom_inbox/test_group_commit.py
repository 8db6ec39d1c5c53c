"""Deliveries written in groups: a caller goes on when its own are durable, none for ever."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from pulsescore.connectors.intercom.inbox.admission import Delivery
from pulsescore.core.group_commit import GroupCommit
from pulsescore.core.waking import Waker


def _delivery(number: int) -> Delivery:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Delivery(
        org_id=1,
        connection_id=1,
        notification_id=str(number),
        topic="x",
        body=b"{}",
        notified_at=None,
        received_at=at,
    )


def len_of(delivery: Delivery) -> int:
    return len(delivery.body)


class Table:
    """Remembers what was written, group by group; refuses what it is told to refuse."""

    def __init__(self, refused: str = "") -> None:
        self.groups: list[list[str]] = []
        self._refused = refused

    async def write(self, deliveries: Sequence[Delivery]) -> None:
        await asyncio.sleep(0)
        names = [delivery.notification_id for delivery in deliveries]
        if self._refused in names:
            raise ConnectionError("refused")
        self.groups.append(names)


@pytest.mark.parametrize("writers", [1, 2])
async def test_callers_that_come_one_after_the_other_never_wait_for_ever(writers: int) -> None:
    table = Table()
    inbox = GroupCommit(table.write, writers=writers, size=len_of)

    async def caller(first: int) -> None:
        for number in range(first, first + 200):
            await inbox.store([_delivery(number)])

    async with asyncio.timeout(20):
        await asyncio.gather(*(caller(1000 * one) for one in range(7)))
    written = [name for group in table.groups for name in group]
    assert len(written) == len(set(written)) == 1400


async def test_what_arrives_while_a_group_is_written_goes_into_the_next() -> None:
    table = Table()
    inbox = GroupCommit(table.write, writers=1, size=len_of)
    await asyncio.gather(*(inbox.store([_delivery(number)]) for number in range(50)))
    assert [len(group) for group in table.groups] == [50]


async def test_a_failed_group_is_told_to_its_callers_and_the_next_goes_on() -> None:
    inbox = GroupCommit(Table(refused="1").write, writers=1, size=len_of)
    with pytest.raises(ConnectionError):
        await inbox.store([_delivery(1)])
    await inbox.store([_delivery(2)])
    await inbox.drain()


async def test_many_wishes_to_wake_become_few_calls() -> None:
    told: list[frozenset[int]] = []

    async def wake(connection_ids: frozenset[int]) -> None:
        told.append(connection_ids)

    waker = Waker(wake, quiet_secs=0)
    for number in range(100):
        waker.note({number % 3})
    await waker.aclose()
    assert told == [frozenset({0, 1, 2})]
