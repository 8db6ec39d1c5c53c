"""Whatever happens in a workspace and however word of it reaches us, we end up with the truth.

Each case is a history of a workspace, delivered by full imports, incremental runs and notifications
that are doubled, delayed, reordered and lost, with faults on the way and crashes at any statement.
After one reconciliation all that is stored, links and scores included, equals the simulator's own
state; and what arrives even later changes nothing any more.

`PULSESCORE_CASES=5000` tries that many cases, `PULSESCORE_FIRST_CASE=250` begins at that one.
"""

import os
from collections.abc import Iterator

import pytest

from tests.convergence.cases import Case, case
from tests.convergence.crash import Reaper, watching
from tests.convergence.facts import differences
from tests.convergence.lasting import lasting_connections
from tests.convergence.product import Product
from tests.convergence.shrinking import shortest
from tests.convergence.stored import stored_of
from tests.convergence.truth import truth_of

_CASES = int(os.environ.get("PULSESCORE_CASES", "60"))
_FIRST = int(os.environ.get("PULSESCORE_FIRST_CASE", "0"))
_HOUR = 3600


@pytest.fixture
def reaper(transactional_db: None) -> Iterator[Reaper]:
    reaper = Reaper()
    with lasting_connections(), watching(reaper):
        yield reaper


def test_everything_ends_at_the_truth(reaper: Reaper) -> None:
    for number in range(_FIRST, _FIRST + _CASES):
        failure = _failure_of(case(number), reaper)
        if failure is not None:
            short, failure = shortest(case(number), failure, lambda one: _failure_of(one, reaper))
            pytest.fail(f"case {number}: {failure}\n\n{short}")


def _failure_of(one: Case, reaper: Reaper) -> str | None:
    """How the stored state differs from the truth in the end, if it does."""
    product = Product(reaper, generation=one.generation)
    try:
        for step in one.history:
            step(product)
        _reconcile(product)
        after_reconciling = _differences(product)
        _tell_the_rest(product)
        return after_reconciling or _differences(product)
    except AssertionError as error:
        return str(error)
    finally:
        product.close()


def _reconcile(product: Product) -> None:
    """An hour later, so that no absence is too young: one run of kind reconcile, to its end."""
    product.clock.advance(_HOUR)
    product.drain()
    product.rescore_everybody()
    run = product.sync("reconcile")
    assert run.status == "succeeded", f"the run {run.status}: {run.error}"
    product.rescore()


def _tell_the_rest(product: Product) -> None:
    """All that was delayed or lost arrives at last, and all that came before once more."""
    before = list(product.courier.delivered)
    product.deliver([*product.courier.take(0, 10**6), *product.lost, *before])
    product.drain()
    product.clock.advance(_HOUR)
    product.drain()
    product.rescore_everybody()


def _differences(product: Product) -> str | None:
    truth = truth_of(product.workspace, now=product.now())
    found = differences(truth, stored_of(product.connection))
    return "\n".join(found) or None
