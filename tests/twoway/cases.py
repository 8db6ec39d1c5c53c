"""Two-way cases made up by a seeded dice: both sides change, word of it comes as it likes."""

from dataclasses import dataclass
from random import Random

from tests.convergence.faulty_wire import FAULTS
from tests.convergence.steps import Happen, Pass, Sync, Tell, TellAgain, Work
from tests.twoway.edits import EDITS
from tests.twoway.steps import Change, Judge, Send, Step

_PEOPLE = ("user", "user", "lead", "user")
_THEIRS = (
    "user",
    "lead",
    "rename",
    "change_email",
    "tag",
    "untag",
    "untag",
    "archive",
    "unarchive",
    "sign_up",
    "merge",
    "delete",
    "visit",
)
_SECS = (0.0, 1.0, 2.0, 61.0, 901.0, 90_000.0)
_PICKS, _REQUESTS, _STATEMENTS = 8, 12, 120


@dataclass(frozen=True)
class Case:
    """In which generation of payloads the workspace tells, and what happens on both sides."""

    generation: str
    history: list[Step]

    def __str__(self) -> str:
        listed = [f"    {one}," for one in self.history]
        return "\n".join([f"Case({self.generation!r}, [", *listed, "])"])


def case(seed: int) -> Case:
    """The case of that number, always the same."""
    dice = Random(seed)
    history: list[Step] = [
        Happen((name, dice.randrange(_PICKS), 1 + place)) for place, name in enumerate(_PEOPLE)
    ]
    history.append(Sync("full"))
    history += [_step(dice) for _ in range(dice.choice((6, 12, 20)))]
    return Case(dice.choice(("current", "v2.14")), history)


def _step(dice: Random) -> Step:
    kinds = (_theirs, _ours, _passing, _telling, _again, _working, _judging, _sending, _syncing)
    make = dice.choices(kinds, (20, 24, 10, 10, 2, 6, 8, 12, 3))[0]
    made: Step = make(dice)
    return made


def _theirs(dice: Random) -> Happen:
    return Happen((dice.choice(_THEIRS), dice.randrange(_PICKS), dice.randrange(_PICKS)))


def _ours(dice: Random) -> Change:
    return Change((dice.choice(list(EDITS)), dice.randrange(_PICKS), dice.randrange(12)))


def _passing(dice: Random) -> Pass:
    return Pass(dice.choice(_SECS))


def _telling(dice: Random) -> Tell:
    return Tell(dice.randrange(_PICKS), dice.randint(1, 8), dice.random() < 0.3)


def _again(dice: Random) -> TellAgain:
    return TellAgain(dice.randrange(_PICKS), dice.randint(1, 4))


def _working(dice: Random) -> Work:
    return Work()


def _judging(dice: Random) -> Judge:
    return Judge(dice.randrange(60) if dice.random() < 0.2 else None)


def _sending(dice: Random) -> Send:
    faults = {}
    if dice.random() < 0.4:
        faults = {dice.randrange(_REQUESTS): dice.choice(FAULTS) for _ in range(2)}
    return Send(faults, dice.randrange(_STATEMENTS) if dice.random() < 0.25 else None)


def _syncing(dice: Random) -> Sync:
    return Sync(dice.choice(("incremental", "incremental", "nightly", "reconcile")))
