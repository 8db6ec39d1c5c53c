"""Killing our process at a statement: nothing runs after that, not even what cleans up."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created


class Killed(BaseException):
    """The process is gone. No handler of ours may catch it."""


class Reaper:
    """Lets our process execute so many statements more; `None` is as many as it likes.

    The test's own thread is not our process: it looks on.
    """

    def __init__(self) -> None:
        self.left: int | None = None
        self.is_dead = False
        self._looking_on = threading.get_ident()

    def spare(self) -> None:
        """A new process starts."""
        self.left, self.is_dead = None, False

    def __call__(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        if threading.get_ident() == self._looking_on:
            return execute(sql, params, many, context)
        if self.left is not None:
            self.left -= 1
            self.is_dead = self.is_dead or self.left < 0
        if self.is_dead:
            raise Killed
        return execute(sql, params, many, context)


@contextmanager
def watching(reaper: Reaper) -> Iterator[None]:
    """Every connection made in the block asks the reaper before each statement."""

    def watch(connection: BaseDatabaseWrapper, **_ignored: object) -> None:
        connection.execute_wrappers.append(reaper)

    connection_created.connect(watch)
    try:
        yield
    finally:
        connection_created.disconnect(watch)


def is_killed(error: BaseException) -> bool:
    """Whether this is how a killed process ends."""
    if isinstance(error, BaseExceptionGroup):
        return any(is_killed(one) for one in error.exceptions)
    return isinstance(error, Killed)
