"""The people of the API's tests; what they have is told in `world`."""

import pytest

from tests.db.api.world import Api, World, make_world
from tests.kept import KEEPER


@pytest.fixture
def nobody(db: None) -> Api:
    return Api()


@pytest.fixture
def world(db: None) -> World:
    made: World = KEEPER.world(make_world)
    return made


@pytest.fixture
def alice(world: World) -> Api:
    return world.api("alice")


@pytest.fixture
def bob(world: World) -> Api:
    return world.api("bob")


@pytest.fixture
def charlie(world: World) -> Api:
    return world.api("charlie")
