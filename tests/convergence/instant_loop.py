"""An event loop whose time stands still unless everybody waits: no sleeping, the same each time."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


class _InstantSelector(selectors.SelectSelector):
    """Where a loop would wait, its time moves on."""

    passed = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise RuntimeError("everybody waits, and nothing will ever happen")
        self.passed += timeout
        return super().select(0)


class InstantLoop(asyncio.SelectorEventLoop):
    """Runs what is given to threads at once, and waits for it: the order never varies."""

    def __init__(self) -> None:
        self._instant = _InstantSelector()
        self._default = ThreadPoolExecutor(max_workers=1)
        super().__init__(self._instant)

    def time(self) -> float:
        return self._instant.passed

    def run_in_executor(  # type: ignore[override]
        self, executor: Executor | None, func: Callable[..., T], *args: Any
    ) -> asyncio.Future[T]:
        future: asyncio.Future[T] = self.create_future()
        try:
            future.set_result((executor or self._default).submit(func, *args).result())
        except BaseException as error:  # noqa: BLE001 -- whatever ends the thread's work
            future.set_exception(error)
        return future

    def close(self) -> None:
        self._default.shutdown()
        super().close()


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end on a fresh loop."""
    with asyncio.Runner(loop_factory=InstantLoop) as runner:
        return runner.run(main)
