"""Two-way cases made up by a seeded dice: both sides change, word of it comes as it likes."""

from dataclasses import dataclass, field
from random import Random

from tests.convergence.faulty_wire import FAULTS
from tests.convergence.steps import Pass, Sync, Tell, TellAgain, Work
from tests.twoway.edits import EDITS
from tests.twoway.ingested import KINDS, Said
from tests.twoway.steps import Change, Happen, Ingest, Judge, Send, Step
from tests.twoway.tables import Tables, dealt

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
    "double",
    "double",
    "double_lead",
    "values",
    "values",
    "tag_like_ours",
    "rename_tag",
    "found",
    "attach",
    "detach",
    "change_company",
    "delete_company",
)
_SECS = (0.0, 1.0, 2.0, 61.0, 901.0, 90_000.0)
_PICKS, _REQUESTS, _STATEMENTS, _MESSAGES = 8, 12, 120, 10**6
# What was asked was done in the last two cases, and nobody heard of it.
_FAULTS = (*FAULTS, "late", "late")


@dataclass(frozen=True)
class Case:
    """In which generation of payloads the workspace tells, and what happens on both sides."""

    generation: str
    history: list[Step]
    tables: Tables = field(default_factory=Tables)

    def __str__(self) -> str:
        listed = [f"    {one}," for one in self.history]
        return "\n".join([f"Case({self.generation!r}, [", *listed, f"], {self.tables})"])


def case(seed: int) -> Case:
    """The case of that number, always the same."""
    dice = Random(seed)
    tables = dealt(dice)
    history: list[Step] = [
        Happen((name, dice.randrange(_PICKS), 1 + place)) for place, name in enumerate(_PEOPLE)
    ]
    history.append(Sync("full"))
    history += [_step(dice) for _ in range(dice.choice((6, 12, 20)))]
    return Case(dice.choice(("current", "v2.14")), history, tables)


def _step(dice: Random) -> Step:
    kinds = (
        *(_theirs, _ours, _ingesting, _passing, _telling, _again),
        *(_working, _judging, _sending, _syncing),
    )
    make = dice.choices(kinds, (20, 20, 14, 8, 10, 2, 6, 8, 14, 3))[0]
    made: Step = make(dice)
    return made


def _theirs(dice: Random) -> Happen:
    return Happen((dice.choice(_THEIRS), dice.randrange(_PICKS), dice.randrange(_PICKS)))


def _ours(dice: Random) -> Change:
    return Change((dice.choice(list(EDITS)), dice.randrange(_PICKS), dice.randrange(12)))


def _ingesting(dice: Random) -> Ingest:
    """Some calls, of which messages come twice and late ones tell of earlier."""
    calls = tuple(
        Said(
            kind=dice.choice((*KINDS, "identify", "track", "group")),
            who=dice.randrange(6),
            how=dice.randrange(30),
            ago=dice.choice((0.0, 0.0, 5.0, 4000.0)),
            message=dice.choice((dice.randrange(_MESSAGES), dice.randrange(10))),
        )
        for _ in range(dice.randint(1, 5))
    )
    return Ingest(calls, dice.randrange(60) if dice.random() < 0.15 else None)


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
        faults = {dice.randrange(_REQUESTS): dice.choice(_FAULTS) for _ in range(2)}
    meanwhile = {}
    if dice.random() < 0.3:
        meanwhile = {dice.randrange(_REQUESTS): _theirs(dice) for _ in range(2)}
    dies_after = dice.randrange(_STATEMENTS) if dice.random() < 0.25 else None
    return Send(faults, meanwhile, dies_after)


def _syncing(dice: Random) -> Sync:
    return Sync(dice.choice(("incremental", "incremental", "nightly", "reconcile")))
