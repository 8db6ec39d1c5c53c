"""The steps of a case: the world moves on, time passes, word of it comes or is lost, we work."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from tests.convergence.happenings import Happening, happen
from tests.convergence.product import Product


@dataclass(frozen=True)
class Happen:
    """Something happens in the workspace."""

    what: Happening

    def __call__(self, product: Product) -> None:
        happen(product.workspace, self.what)


@dataclass(frozen=True)
class Pass:
    """Time passes."""

    secs: float

    def __call__(self, product: Product) -> None:
        product.clock.advance(self.secs)


@dataclass(frozen=True)
class Tell:
    """Notifications arrive, perhaps in the wrong order; the rest is delayed."""

    pick: int = 0
    count: int = 1
    backwards: bool = False
    dies_after: int | None = None

    def __call__(self, product: Product) -> None:
        mails = product.courier.take(self.pick, self.count)
        product.deliver(mails[::-1] if self.backwards else mails, dies_after=self.dies_after)


@dataclass(frozen=True)
class TellAgain:
    """Notifications arrive once more."""

    pick: int = 0
    count: int = 1

    def __call__(self, product: Product) -> None:
        product.deliver(product.courier.again(self.pick, self.count))


@dataclass(frozen=True)
class Lose:
    """Notifications never arrive before all is reconciled."""

    pick: int = 0
    count: int = 1

    def __call__(self, product: Product) -> None:
        product.lost += product.courier.take(self.pick, self.count)


@dataclass(frozen=True)
class Work:
    """The worker goes through its inbox."""

    faults: Mapping[int, str] = field(default_factory=dict)
    dies_after: int | None = None

    def __call__(self, product: Product) -> None:
        product.drain(faults=self.faults, dies_after=self.dies_after)


@dataclass(frozen=True)
class Sync:
    """A run, while other things happen."""

    kind: str
    faults: Mapping[int, str] = field(default_factory=dict)
    meanwhile: Mapping[int, "Happen | Pass | Tell | Work"] = field(default_factory=dict)
    dies_after: int | None = None

    def __call__(self, product: Product) -> None:
        product.sync(
            self.kind,
            faults=self.faults,
            meanwhile={number: partial(step, product) for number, step in self.meanwhile.items()},
            dies_after=self.dies_after,
        )


@dataclass(frozen=True)
class Score:
    """The worker scores who is marked."""

    dies_after: int | None = None

    def __call__(self, product: Product) -> None:
        product.rescore(dies_after=self.dies_after)


Step = Happen | Pass | Tell | TellAgain | Lose | Work | Sync | Score
