"""The steps of a two-way case: those of convergence, and what we do on our side."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from tests.convergence.happenings import Happening
from tests.convergence.steps import Pass, Sync, Tell, TellAgain, Work
from tests.twoway.edits import Edit, edit
from tests.twoway.ingested import Said
from tests.twoway.theirs import there
from tests.twoway.world import World


@dataclass(frozen=True)
class Happen:
    """Something happens in Intercom."""

    what: Happening

    def __call__(self, world: World) -> None:
        there(world, self.what)


@dataclass(frozen=True)
class Change:
    """Something changes on our side."""

    what: Edit

    def __call__(self, world: World) -> None:
        edit(world, self.what)


@dataclass(frozen=True)
class Ingest:
    """Our programs send calls; they are applied, unless the worker dies over it."""

    calls: tuple[Said, ...]
    dies_after: int | None = None

    def __call__(self, world: World) -> None:
        world.arrive(self.calls)
        world.take_in(dies_after=self.dies_after)


@dataclass(frozen=True)
class Judge:
    """The worker scores, and sees who is in which segment."""

    dies_after: int | None = None

    def __call__(self, world: World) -> None:
        world.judge(dies_after=self.dies_after)


@dataclass(frozen=True)
class Send:
    """The worker sends what is due; `meanwhile` happens before requests of those numbers."""

    faults: Mapping[int, str] = field(default_factory=dict)
    meanwhile: Mapping[int, Happen] = field(default_factory=dict)
    dies_after: int | None = None

    def __call__(self, world: World) -> None:
        world.send(
            faults=self.faults,
            meanwhile={number: partial(one, world) for number, one in self.meanwhile.items()},
            dies_after=self.dies_after,
        )


Step = Happen | Pass | Tell | TellAgain | Work | Sync | Change | Ingest | Judge | Send
