"""Cases made up by a seeded dice: a history, and the ways in which word of it reaches us.

They are as long as is useful: a property-testing library prefers short ones, in which little meets.
"""

from dataclasses import dataclass
from random import Random
from typing import Any

from intercom_sim.webhooks.notifications import GENERATIONS
from tests.convergence.faulty_wire import FAULTS
from tests.convergence.happenings import HAPPENINGS
from tests.convergence.steps import (
    Happen,
    Lose,
    Pass,
    Score,
    Step,
    Sync,
    Tell,
    TellAgain,
    Work,
)

# The same second, seconds, the scroll's minute, the search's lag, days.
_SECS = (0.0, 0.4, 1.0, 1.0, 2.0, 30.0, 61.0, 600.0, 901.0, 3600.0, 40_000.0, 90_000.0)
_BEGINNING = ("user", "user", "lead", "lead", "found", "attach", "start", "start")
_OFTEN = ("user", "lead", "start", "reply", "answer", "close", "reopen", "assign", "merge", "join")
_RARE = (
    "merge_users",
    "delete",
    "archive",
    "delete_talk",
    "delete_company",
    "tag_much",
    "attach_much",
)
_USUAL = tuple(one for one in HAPPENINGS if one not in _RARE)
_HAPPENINGS = (*_RARE, *_USUAL * 2, *_OFTEN * 3)
_PICKS, _REQUESTS, _STATEMENTS = 10, 30, 150
_LENGTHS = (4, 10, 20, 30, 45)


@dataclass(frozen=True)
class Case:
    """What a case is: in which generation of payloads the workspace tells, and what happens."""

    generation: str
    history: list[Step]

    def __str__(self) -> str:
        return "\n".join(
            [f"Case({self.generation!r}, [", *(f"    {s}," for s in self.history), "])"]
        )


def case(seed: int) -> Case:
    """The case of that number, always the same."""
    dice = Random(seed)
    people = [
        Happen((name, dice.randrange(_PICKS), 1 + index)) for index, name in enumerate(_BEGINNING)
    ]
    history: list[Step] = [*people[: dice.randint(2, len(people))]]
    history += [_step(dice) for _ in range(dice.choice(_LENGTHS))]
    return Case(dice.choice(GENERATIONS), history)


def _step(dice: Random) -> Step:
    kinds = (_happening, _passing, _telling, _working, _syncing, _again, _losing, _scoring)
    make = dice.choices(kinds, (60, 20, 14, 10, 7, 2, 2, 2))[0]
    made: Step = make(dice)
    return made


def _happening(dice: Random) -> Happen:
    return Happen((dice.choice(_HAPPENINGS), dice.randrange(_PICKS), dice.randrange(_PICKS)))


def _passing(dice: Random) -> Pass:
    return Pass(dice.choice(_SECS))


def _telling(dice: Random) -> Tell:
    pick = dice.choice((0, dice.randrange(_PICKS)))
    backwards, dies = dice.random() < 0.3, _death(dice, 5, chance=0.05)
    return Tell(pick, dice.randint(1, 12), backwards, dies)


def _again(dice: Random) -> TellAgain:
    return TellAgain(dice.randrange(_PICKS), dice.randint(1, 4))


def _losing(dice: Random) -> Lose:
    return Lose(dice.randrange(_PICKS), dice.randint(1, 4))


def _working(dice: Random) -> Work:
    return Work(_faults(dice), _death(dice, _STATEMENTS, chance=0.2))


def _scoring(dice: Random) -> Score:
    return Score(_death(dice, 20, chance=0.3))


def _syncing(dice: Random) -> Sync:
    kind = dice.choice(("full", "incremental", "incremental", "nightly", "reconcile"))
    meanwhile: dict[int, Any] = {}
    if dice.random() < 0.5:
        steps = dice.choices((_happening, _passing, _telling, _working), (6, 2, 2, 1), k=5)
        meanwhile = {dice.randrange(_REQUESTS): make(dice) for make in steps}
    return Sync(kind, _faults(dice), meanwhile, _death(dice, _STATEMENTS, chance=0.25))


def _faults(dice: Random) -> dict[int, str]:
    if dice.random() < 0.6:
        return {}
    return {dice.randrange(_REQUESTS): dice.choice(FAULTS) for _ in range(dice.randint(1, 4))}


def _death(dice: Random, most: int, *, chance: float) -> int | None:
    return dice.randrange(most) if dice.random() < chance else None
