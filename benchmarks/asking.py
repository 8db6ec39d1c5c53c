"""Asking for pages in this process as a logged-in browser does, and telling how long it took."""

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any


def asking(user: Any, *, target: str) -> Callable[[str], None]:
    """A logged-in browser that asks for the changing part of a page, as htmx does."""
    # Clients exist only once Django has been set up.
    from django.test import Client  # noqa: PLC0415

    client = Client(headers={"HX-Request": "true", "HX-Target": target})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def ask(address: str) -> None:
        response = client.get(address)
        assert response.status_code == 200, (address, response.status_code)

    return ask


def p95(times: Sequence[float]) -> float:
    """The time that one in twenty exceeds."""
    return statistics.quantiles(times, n=20)[-1]


def millis(work: Callable[[], object]) -> float:
    """How long it takes, in milliseconds."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000
