"""Points as people read them: to one decimal, still adding up. Pure."""

from collections.abc import Sequence
from math import floor


def adding_up(parts: Sequence[float], *, total: float) -> list[float]:
    """The parts to one decimal each, so that they sum to the total to one decimal.

    What rounding leaves over goes to the parts that lost most by it, a tenth each.
    """
    tenths = [floor(part * 10) for part in parts]
    left = round(total * 10) - sum(tenths)
    order = sorted(range(len(parts)), key=lambda at: tenths[at] - parts[at] * 10)
    for turn in range(abs(left)):
        place = order[turn % len(order)] if left > 0 else order[-1 - turn % len(order)]
        tenths[place] += 1 if left > 0 else -1
    return [tenth / 10 for tenth in tenths]
