"""Worlds that are committed, since several threads look at them."""

from collections.abc import Iterator

import pytest

from tests.convergence.crash import Reaper, watching
from tests.convergence.lasting import lasting_connections


@pytest.fixture
def reaper(transactional_db: None) -> Iterator[Reaper]:
    """Lets processes die; while it is there, the database may be used."""
    reaper = Reaper()
    with lasting_connections(), watching(reaper):
        yield reaper
