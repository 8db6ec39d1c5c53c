"""What the dashboard says first on the first day."""

from dataclasses import dataclass

import pytest

from pulsescore.web.dashboard.sentence import first_look


@dataclass(frozen=True)
class Counts:
    red: int = 0
    yellow: int = 0
    green: int = 0
    none: int = 0

    @property
    def scored(self) -> int:
        return self.red + self.yellow + self.green


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (Counts(none=1), "1 customer is in, and scores are being worked out."),
        (Counts(none=1200), "1,200 customers are in, and scores are being worked out."),
        (Counts(green=4), "A first look: all of your 4 customers with a score are healthy."),
        (
            Counts(red=1, green=1),
            "A first look: of 2 customers with a score, 1 critical is worth your time.",
        ),
        (
            Counts(red=3, yellow=5, green=10),
            "A first look: of 18 customers with a score, 3 critical and 5 at risk are worth your"
            " time.",
        ),
    ],
)
def test_the_first_look_tells_how_everybody_stands(counts: Counts, words: str) -> None:
    assert first_look(counts) == words
