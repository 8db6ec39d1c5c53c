"""The guide inside the product."""

from tools.screenshots.people import FULL
from tools.screenshots.shots import NOBODY, Shot
from tools.screenshots.worlds import Worlds


def shots(worlds: Worlds) -> list[Shot]:
    """Front, pages, search, and as somebody who has not logged in."""
    return [
        Shot("help", FULL, "/help"),
        Shot("help-scoring", FULL, "/help/scoring"),
        Shot("help-connecting", FULL, "/help/connect-intercom"),
        Shot("help-segments", FULL, "/help/segments"),
        Shot("help-problem", FULL, "/help/problems-connecting#access-was-not-granted"),
        Shot("help-search", FULL, "/help?search=redirect+url"),
        Shot("help-search-none", FULL, "/help?search=zebra"),
        Shot("help-stranger", NOBODY, "/help/webhooks"),
    ]
