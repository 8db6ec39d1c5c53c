"""How a fetch and a send are told in one line."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from pulsescore.web.integrations.exchange_words import fetch_line, result_of, send_line

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@dataclass
class Fetch:
    status: str
    phase: str = "contacts"
    done: int = 0
    total: int | None = None
    imported: int = 0
    skipped: int = 0
    failed: int = 0
    started_at: datetime | None = AT
    finished_at: datetime | None = AT
    created_at: datetime = AT


@dataclass
class Send:
    state: str
    total: int = 0
    passed: int = 0
    looked: int = 0
    differing: int = 0
    settled: int = 0
    written: int = 0
    refused: int = 0
    left: int = 0
    finished_at: datetime | None = AT
    asked_at: datetime = AT

    @property
    def waiting(self) -> int:
        return self.differing - self.settled


@pytest.mark.parametrize(
    ("run", "told"),
    [
        (Fetch("queued"), "Waits for a worker"),
        (Fetch("running"), "Getting ready"),
        (Fetch("running", done=1200, total=3000), "1,200 of 3,000"),
        (Fetch("succeeded", imported=1240), "1,240 read"),
        (Fetch("succeeded", imported=9, skipped=2, failed=1), "9 read, 2 skipped, 1 failed"),
        (Fetch("failed"), "Failed"),
        (Fetch("canceled"), "Canceled"),
    ],
)
def test_a_fetch_is_told(run: Fetch, told: str) -> None:
    assert fetch_line(run).text == told


@pytest.mark.parametrize(
    ("run", "told"),
    [
        (Send("queued"), "Waits for a worker"),
        (Send("looking", total=2000, passed=500), "Comparing, 500 of 2,000"),
        (Send("sending", differing=310, settled=120), "120 of 310 sent"),
        (Send("held", differing=1), "1 waits for a word"),
        (Send("held", differing=600), "600 wait for a word"),
        (Send("done", looked=9, differing=3, written=2, refused=1), "2 written, 1 refused"),
        (Send("stopped", looked=9, differing=3, written=2, left=1), "2 written, 1 not sent"),
    ],
)
def test_a_send_is_told(run: Send, told: str) -> None:
    assert send_line(run).text == told


@pytest.mark.parametrize(
    ("run", "told"),
    [
        (Send("done", looked=5), "Nothing differed"),
        (Send("done"), "Nobody to compare"),
        (Send("stopped", looked=5), "Stopped"),
    ],
)
def test_a_run_that_wrote_nothing_says_why(run: Send, told: str) -> None:
    assert result_of(run) == told


def test_only_what_goes_on_has_a_bar() -> None:
    moving = send_line(Send("sending", differing=310, settled=120))
    assert (moving.is_moving, moving.done, moving.total) == (True, 120, 310)
    assert not send_line(Send("done", looked=5)).is_moving
    assert fetch_line(Fetch("running")).total is None
