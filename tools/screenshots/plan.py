"""Every page in the states that are worth a look."""

from tools.screenshots.pages import (
    alerts,
    customers,
    entering,
    guide,
    intercom,
    morning,
    scoring,
    segments,
    sending,
    settings,
)
from tools.screenshots.shots import Shot
from tools.screenshots.worlds import Worlds

AREAS = (
    entering,
    morning,
    customers,
    segments,
    intercom,
    sending,
    scoring,
    alerts,
    settings,
    guide,
)


def make_plan(worlds: Worlds) -> list[Shot]:
    """The shots of all areas; each name stands once."""
    shots = [shot for area in AREAS for shot in area.shots(worlds)]
    names = [shot.name for shot in shots]
    twice = {name for name in names if names.count(name) > 1}
    assert not twice, f"two shots of one name: {twice}"  # noqa: S101
    return shots
