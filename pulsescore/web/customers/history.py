"""A customer's score history as the chart takes it."""

from collections.abc import Sequence
from typing import Any

from pulsescore.scoring.models import ScorePoint


def history_chart(points: Sequence[ScorePoint], *, yellow: float, green: float) -> dict[str, Any]:
    """The last point of each day, with the limits between the levels."""
    by_day = {point.at.date().isoformat(): point for point in points}
    return {
        "days": list(by_day),
        "scores": [point.score for point in by_day.values()],
        "reconstructed": [point.reconstructed for point in by_day.values()],
        "yellow": yellow,
        "green": green,
    }
