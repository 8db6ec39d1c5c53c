"""A world that many tests look at, made once: each of them works in a savepoint upon it.

Making people, customers and scores takes longer than most tests that look at them. A kept world is
made in a transaction that stays open from test to test; what a test does to it is rolled back as
ever. It is made anew when it has become old, because pages speak of minutes, and given up before a
test that commits, or that wants another world or none.
"""

import copy
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Final

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

OLDEST_SECS: Final = 25.0
COMMITTING: Final = ("transactional_db", "live_server", "django_db_reset_sequences")


class Keeper:
    """Holds at most one world, in a transaction of its own."""

    def __init__(self) -> None:
        self.blocker: DjangoDbBlocker | None = None
        self._making: Callable[[], Any] | None = None
        self._world: Any = None
        self._made_at = 0.0
        self._transaction: AbstractContextManager[Any] | None = None

    def turn_to(self, making: Callable[[], Any] | None) -> None:
        """Have this world ready, or none; nothing happens before the database is set up."""
        if self.blocker is None:
            return
        with self.blocker.unblock():
            if self._transaction is not None and not self._serves(making):
                self._give_up()
            if making is not None and self._transaction is None:
                self._keep(making)

    def world(self, making: Callable[[], Any]) -> Any:
        """The kept world, as a test may change it; made for this test alone where none is kept."""
        if self._transaction is not None and self._making is making:
            return copy.deepcopy(self._world)
        return making()

    def _serves(self, making: Callable[[], Any] | None) -> bool:
        young = time.monotonic() - self._made_at < OLDEST_SECS
        return self._making is making and young and connection.in_atomic_block

    def _keep(self, making: Callable[[], Any]) -> None:
        self._transaction = transaction.atomic()
        self._transaction.__enter__()
        self._making, self._made_at = making, time.monotonic()
        self._world = making()

    def _give_up(self) -> None:
        assert self._transaction is not None
        if connection.in_atomic_block:
            transaction.set_rollback(True)
            self._transaction.__exit__(None, None, None)
        self._transaction = self._world = self._making = None


KEEPER: Final = Keeper()


def commits(item: pytest.Item) -> bool:
    """Whether a test writes for good, and so works on an empty database."""
    marker = item.get_closest_marker("django_db")
    if marker is not None and (marker.args or marker.kwargs):
        return True
    return any(name in COMMITTING for name in getattr(item, "fixturenames", ()))
