"""Pure: what is wrong with a filled-in scoring form, told at its top with the way to each field."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from pulsescore.scoring.config import FACTORS
from pulsescore.web.scoring.exception_fields import exception_labels
from pulsescore.web.scoring.wording import FACTOR_TEXTS

_NAMES: Final = {
    "weights": "Weights",
    **{f"weight.{one.key}": f"Weight of {one.name}" for one in FACTOR_TEXTS},
    **{f"half.{one.key}": f"Half point of {one.name}" for one in FACTOR_TEXTS},
    "yellow": "At risk",
    "green": "Healthy",
    **exception_labels(),
    "comment": "Why",
}


class Told(NamedTuple):
    """One fault: the id of its field, the field's name, and what is wrong."""

    anchor: str
    name: str
    message: str


def summary(faults: Mapping[str, str]) -> list[Told]:
    """Every fault, in the order of the form."""
    fields = [*(field for field in _NAMES if field in faults), *(faults.keys() - _NAMES.keys())]
    return [Told(anchor(field), _NAMES.get(field, field), faults[field]) for field in fields]


def anchor(field: str) -> str:
    """The id of a field; that of the first weight for all of them together."""
    name = f"weight.{FACTORS[0]}" if field == "weights" else field
    return "id_" + name.replace(".", "_")
