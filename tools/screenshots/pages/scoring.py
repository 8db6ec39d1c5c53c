"""Scoring, its versions, outcomes and backtests."""

from urllib.parse import urlencode

from tools.screenshots.people import BROKEN, FULL, MEMBER, NEW
from tools.screenshots.shots import Shot, fill, press
from tools.screenshots.worlds import Worlds

HOME = "/settings/scoring"


def shots(worlds: Worlds) -> list[Shot]:
    """In all states, as an admin and as a member."""
    full, story = worlds.full, worlds.full.story
    changes = f"{HOME}/changes?{urlencode(full.stricter)}"
    return [
        Shot("scoring", FULL, HOME),
        Shot("scoring-new", NEW, HOME),
        Shot("scoring-as-member", MEMBER, HOME),
        Shot(
            "scoring-wrong", FULL, HOME, fill({"yellow": "90", "green": "20"}, "Save and rescore")
        ),
        Shot("scoring-changes", FULL, changes),
        Shot("scoring-version", FULL, f"{HOME}/versions/1?with=2"),
        Shot("scoring-versions", FULL, f"{HOME}/versions"),
        Shot("backtest", FULL, f"{HOME}/backtest"),
        Shot("backtest-none", NEW, f"{HOME}/backtest"),
        Shot("backtest-too-few", FULL, f"{HOME}/backtest/{story.too_few.pk}"),
        Shot("backtest-failed", FULL, f"{HOME}/backtest/{story.failed.pk}"),
        Shot("backtest-running", BROKEN, f"{HOME}/backtest"),
        Shot("outcomes", FULL, f"{HOME}/outcomes"),
        Shot("outcomes-none", NEW, f"{HOME}/outcomes"),
        Shot("outcomes-wrong", NEW, f"{HOME}/outcomes", press("Choose columns")),
        Shot("outcomes-file", FULL, f"{HOME}/outcomes/files/{story.file.pk}"),
        Shot("outcomes-imported", FULL, f"{HOME}/outcomes/files/{story.imported.pk}"),
    ]
