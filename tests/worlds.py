"""Which kept world a test looks at; every test is asked, since the next may commit or want none."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from tests.db.api.full_world import make_full_world
from tests.db.api.world import make_world
from tests.db.people import make_people
from tests.db.web.world import make_alices
from tests.kept import KEEPER, commits

# By the name of the fixture and where the test is; the first that fits.
WORLDS: Final[tuple[tuple[str, str, Callable[[], Any]], ...]] = (
    ("alices", "tests/db/web/", make_alices),
    ("people", "tests/db/accounts/", make_people),
    ("world", "tests/db/api/test_endpoints.py", make_full_world),
    ("world", "tests/db/api/", make_world),
)


def prepare(item: pytest.Item) -> None:
    """Have the world ready that a test looks at, before its own transaction begins."""
    KEEPER.turn_to(None if commits(item) else _world_of(item))


def _world_of(item: pytest.Item) -> Callable[[], Any] | None:
    for name, folder, making in WORLDS:
        if name in getattr(item, "fixturenames", ()) and item.nodeid.startswith(folder):
            return making
    return None
