"""Trying again follows the error's own decision."""

import pytest

from pulsescore.connectors.intercom.api.errors import (
    Failure,
    RateLimited,
    RequestRefused,
    ScrollBusy,
    ServerFailed,
    TransientApiError,
)
from pulsescore.connectors.intercom.api.retry import (
    CONNECTING,
    IMPATIENT,
    Patience,
    persevere,
    wait_secs,
)
from pulsescore.core.clock import from_unix
from tests.unit.intercom.hand_clock import HandClock

FAILURE = Failure(method="GET", path="/x")


class Flaky:
    """Fails with the given errors, then succeeds."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls = 0

    async def __call__(self) -> str:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"


def wait(error: TransientApiError, attempt: int, **options: float) -> float | None:
    return wait_secs(
        error, attempt=attempt, patience=Patience(), now=options.get("now", 0.0), jitter=0.5
    )


async def test_a_hiccup_is_tried_again() -> None:
    clock, call = HandClock(), Flaky(ServerFailed(FAILURE), ServerFailed(FAILURE))
    assert await persevere(call, patience=Patience(), timing=clock.timing()) == "done"
    assert call.calls == 3
    assert clock.slept == [0.375, 0.75]


async def test_a_refusal_is_not() -> None:
    clock, call = HandClock(), Flaky(RequestRefused(FAILURE))
    with pytest.raises(RequestRefused):
        await persevere(call, patience=Patience(), timing=clock.timing())
    assert call.calls == 1
    assert clock.slept == []


async def test_patience_ends() -> None:
    clock, call = HandClock(), Flaky(*[ServerFailed(FAILURE)] * 9)
    with pytest.raises(ServerFailed):
        await persevere(call, patience=Patience(tries=4), timing=clock.timing())
    assert call.calls == 4


def test_waits_double_up_to_a_limit() -> None:
    assert [wait(ServerFailed(FAILURE), attempt) for attempt in (1, 2, 3, 4, 5)] == [
        0.375,
        0.75,
        1.5,
        3.0,
        6.0,
    ]
    patient = Patience(tries=99)
    assert wait_secs(ServerFailed(FAILURE), attempt=40, patience=patient, now=0, jitter=1) == 30


def test_a_429_waits_until_its_time_and_does_not_use_up_tries() -> None:
    error = RateLimited(FAILURE, retry_at=from_unix(107))
    assert wait(error, 20, now=100.0) == 7
    assert wait(error, 20, now=200.0) == 0


def test_a_busy_scroll_waits_until_it_expires() -> None:
    assert wait(ScrollBusy(FAILURE), 1) == 61


def test_imports_leave_a_tenth_of_each_window_and_who_waits_leaves_nothing() -> None:
    assert Patience().share_left == 0.1
    assert IMPATIENT.share_left == CONNECTING.share_left == 0
