"""A factor's curve as it is drawn: it begins at the top, and the customer stands on it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsescore.web.charts.factor_curve import HEIGHT, WIDTH, factor_curve


def places(path: str) -> list[tuple[float, float]]:
    found = re.findall(r"([\d.]+),([\d.]+)", path)
    return [(float(x), float(y)) for x, y in found]


@given(st.floats(0.1, 500), st.floats(0, 5000))
def test_the_curve_falls_from_the_top_and_holds_the_customer(half: float, x: float) -> None:
    drawn = factor_curve(half=half, x=x)
    line = places(drawn.path)
    assert line[0] == (4, 4)
    assert [y for _x, y in line] == sorted(y for _x, y in line)
    assert all(0 <= at <= WIDTH and 0 <= down <= HEIGHT for at, down in [*line, drawn[3:]])
    before = max((at for at in line if at[0] <= drawn.x + 0.01), key=lambda at: at[0])
    assert drawn.y >= before[1] - 0.01


def test_at_the_half_point_half_is_left() -> None:
    drawn = factor_curve(half=2, x=2)
    assert (drawn.x, drawn.y) == (drawn.half_x, drawn.half_y) == (42, pytest.approx(28))


def test_who_is_better_than_nothing_stands_at_the_beginning() -> None:
    assert factor_curve(half=10, x=-0.5)[3:] == (4, 4)
