"""Alice owns an organization, Bob is a member of it, Charlie a stranger with their own."""

import pytest

from tests.db.people import People, make_people
from tests.kept import KEEPER


@pytest.fixture
def people(db: None) -> People:
    made: People = KEEPER.world(make_people)
    return made
