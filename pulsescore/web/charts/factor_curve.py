"""Pure: a factor's curve with a customer's place on it, in the coordinates of an SVG."""

from typing import Final, NamedTuple

import numpy as np

from pulsescore.scoring.factors import curve

WIDTH: Final = 160
HEIGHT: Final = 56
_MARGIN: Final = 4
_STEPS: Final = 40
# The curve is drawn to so many half points, or a little past the customer.
_HALVES: Final = 4.0
_PAST: Final = 1.15


class FactorCurve(NamedTuple):
    """The line, where the half point lies, and where the customer is; `path` is an SVG path."""

    path: str
    half_x: float
    half_y: float
    x: float
    y: float


def factor_curve(*, half: float, x: float) -> FactorCurve:
    """The curve of a half point, and a place on it at `x` (in the unit of the half point)."""
    end = max(_HALVES * half, _PAST * x)
    amounts = np.linspace(0.0, end, _STEPS + 1)
    points = [
        f"{_across(at, end):g},{_down(value):g}"
        for at, value in zip(amounts.tolist(), curve(amounts, half).tolist(), strict=True)
    ]
    place = max(0.0, x)
    return FactorCurve(
        path="M" + " L".join(points),
        half_x=_across(half, end),
        half_y=_down(0.5),
        x=_across(place, end),
        y=_down(float(curve(np.array([place]), half)[0])),
    )


def _across(at: float, end: float) -> float:
    return round(_MARGIN + (WIDTH - 2 * _MARGIN) * at / end, 2)


def _down(value: float) -> float:
    return round(_MARGIN + (HEIGHT - 2 * _MARGIN) * (1 - value), 2)
