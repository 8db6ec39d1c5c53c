"""Pure: a company's score from those of its members."""

from collections.abc import Sequence

from pulsescore.scoring.config import Config


def company_score(members: Sequence[tuple[int, int]]) -> int | None:
    """The mean of the members' scores, weighted by 1 + their recent conversations, rounded half up.

    `members` are (score, conversations updated within 90 days) of those that have a score; without
    one there is no score. Whole numbers throughout, so that SQL and Python agree to the last bit.
    """
    weights = sum(1 + recent for _score, recent in members)
    if not weights:
        return None
    weighted = sum(score * (1 + recent) for score, recent in members)
    return (2 * weighted + weights) // (2 * weights)


def level_of(score: float | None, config: Config) -> str | None:
    """The risk level of a score under a configuration."""
    if score is None:
        return None
    if score >= config.green:
        return "green"
    return "yellow" if score >= config.yellow else "red"
