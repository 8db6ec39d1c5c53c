"""Pure: the scoring form: percentages in, configuration out, and back."""

import math
from collections.abc import Mapping
from typing import NamedTuple

from pulsescore.core.errors import FieldFault, Invalid
from pulsescore.scoring.config import FACTORS, MAX_SCORE, Config, parse_config
from pulsescore.scoring.config_words import plain
from pulsescore.web.scoring.exception_fields import (
    exception_names,
    exception_values,
    read_exceptions,
)
from pulsescore.web.scoring.wording import FACTOR_TEXTS, FactorText

THRESHOLDS = ("yellow", "green")


class FactorField(NamedTuple):
    """One factor of the form: its texts, what is filled in, and what is wrong with it."""

    text: FactorText
    weight: str
    half: str
    weight_fault: str
    half_fault: str

    @property
    def unit(self) -> str:
        """What the half point counts, in the number that fits."""
        return self.text.one if self.half.strip() == "1" else self.text.many


class Band(NamedTuple):
    """Where the levels lie on the band from 0 to 100; as far as two thresholds are filled in."""

    yellow: float
    green: float

    @property
    def middle(self) -> float:
        """How wide the yellow part is."""
        return round(self.green - self.yellow, 4)

    @property
    def top(self) -> float:
        """How wide the green part is."""
        return round(MAX_SCORE - self.green, 4)


def as_values(config: Config) -> dict[str, str]:
    """The form's fields of a configuration."""
    values = {f"weight.{key}": plain(100 * config.weights[key]) for key in FACTORS}
    values |= {f"half.{key}": plain(config.halves[key]) for key in FACTORS}
    values |= {"yellow": plain(config.yellow), "green": plain(config.green)}
    return values | exception_values(config.exceptions)


def as_config(values: Mapping[str, str]) -> Config:
    """The configuration that was filled in; raises `Invalid` with the form's field names."""
    faults: list[FieldFault] = []
    numbers = {name: _number(name, values.get(name, ""), faults) for name in _number_names()}
    exceptions = read_exceptions(values, faults)
    if faults:
        raise Invalid(*faults)
    try:
        return parse_config(
            {
                "weights": {key: numbers[f"weight.{key}"] / 100 for key in FACTORS},
                "halves": {key: numbers[f"half.{key}"] for key in FACTORS},
                "thresholds": {key: numbers[key] for key in THRESHOLDS},
                "exceptions": exceptions,
            }
        )
    except Invalid as error:
        raise Invalid(*map(_renamed, error.faults)) from None


def factor_fields(values: Mapping[str, str], faults: Mapping[str, str]) -> list[FactorField]:
    """The five rows of the form."""
    return [
        FactorField(
            text,
            values.get(f"weight.{text.key}", ""),
            values.get(f"half.{text.key}", ""),
            faults.get(f"weight.{text.key}", ""),
            faults.get(f"half.{text.key}", ""),
        )
        for text in FACTOR_TEXTS
    ]


def weights_total(values: Mapping[str, str]) -> str:
    """What the weights of the form come to, or a dash while one of them is no number."""
    faults: list[FieldFault] = []
    total = sum(_number(name, values.get(name, ""), faults) for name in _weight_names())
    return "–" if faults or not math.isfinite(total) else f"{round(total, 4):g} %"


def band(values: Mapping[str, str], held: Config) -> Band:
    """The band of what is filled in; what cannot be drawn leaves the configuration's own."""
    faults: list[FieldFault] = []
    yellow, green = (_number(name, values.get(name, ""), faults) for name in THRESHOLDS)
    drawn = not faults and 0 <= yellow <= green <= MAX_SCORE
    return Band(yellow, green) if drawn else Band(held.yellow, held.green)


def field_names() -> list[str]:
    """Every field of the form."""
    return [*_number_names(), *exception_names()]


def _number_names() -> list[str]:
    return [*_weight_names(), *(f"half.{key}" for key in FACTORS), *THRESHOLDS]


def _weight_names() -> list[str]:
    return [f"weight.{key}" for key in FACTORS]


def _number(name: str, text: str, faults: list[FieldFault]) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        faults.append(FieldFault(name, "Enter a number."))
        return 0.0


def _renamed(fault: FieldFault) -> FieldFault:
    part, _, key = fault.field.partition(".")
    name = {"weights": "weight.", "halves": "half.", "thresholds": "", "exceptions": ""}.get(
        part, ""
    )
    message = fault.message[:1].upper() + fault.message[1:] + "."
    if fault.field == "weights":
        return FieldFault("weights", "The weights must add up to 100 %.")
    return FieldFault(name + key, message)
