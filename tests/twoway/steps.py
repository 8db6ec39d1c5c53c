"""The steps of a two-way case: those of convergence, and what we do on our side."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.convergence.steps import Happen, Pass, Sync, Tell, TellAgain, Work
from tests.twoway.edits import Edit, edit
from tests.twoway.world import World


@dataclass(frozen=True)
class Change:
    """Something changes on our side."""

    what: Edit

    def __call__(self, world: World) -> None:
        edit(world, self.what)


@dataclass(frozen=True)
class Judge:
    """The worker scores, and sees who is in which segment."""

    dies_after: int | None = None

    def __call__(self, world: World) -> None:
        world.judge(dies_after=self.dies_after)


@dataclass(frozen=True)
class Send:
    """The worker sends what is due."""

    faults: Mapping[int, str] = field(default_factory=dict)
    dies_after: int | None = None

    def __call__(self, world: World) -> None:
        world.send(faults=self.faults, dies_after=self.dies_after)


Step = Happen | Pass | Tell | TellAgain | Work | Sync | Change | Judge | Send
