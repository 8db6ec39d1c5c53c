"""Worlds that are committed, since several threads look at them."""

from collections.abc import Iterator

import pytest
from asgiref.sync import sync_to_async

from tests.convergence import instant_loop
from tests.convergence.crash import Reaper, watching
from tests.convergence.lasting import lasting_connections
from tests.convergence.product import close_database


@pytest.fixture
def reaper(transactional_db: None) -> Iterator[Reaper]:
    """Lets processes die; while it is there, the database may be used."""
    reaper = Reaper()
    with lasting_connections(), watching(reaper):
        yield reaper
        instant_loop.run(sync_to_async(close_database)())
