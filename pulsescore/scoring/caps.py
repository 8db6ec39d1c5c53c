"""Pure: exceptions applied to scores, on arrays."""

import numpy as np
from numpy.typing import NDArray

from pulsescore.scoring.exceptions import CAPS, Exceptions

Scores = NDArray[np.int16]
Floats = NDArray[np.float64]

# Names of the caps by the small numbers that stand for them in arrays.
CAP_NAMES = (None, *CAPS)


def hold_down(
    scores: Scores, exceptions: Exceptions, *, days_unseen: Floats, open_tickets: Floats
) -> tuple[Scores, Scores]:
    """The scores at their most, and which exception held each (an index of `CAP_NAMES`).

    Of two that apply the lower one holds. What is not known (NaN) is no exception.
    """
    held, by = scores, np.zeros(len(scores), dtype=np.int16)
    amounts = {"not_seen": days_unseen, "many_open": open_tickets}
    for place, name in enumerate(CAPS, start=1):
        cap = getattr(exceptions, name)
        if cap is not None:
            applies = (amounts[name] >= cap.begin) & (held > cap.at_most)
            held = np.where(applies, cap.at_most, held).astype(np.int16)
            by = np.where(applies, place, by).astype(np.int16)
    return held, by
