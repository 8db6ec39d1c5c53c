"""Pure: what a backtest found, in sentences of a colleague."""

from collections.abc import Mapping
from typing import Final

from pulsescore.scoring.backtest.plan import MIN_OUTCOMES
from pulsescore.scoring.backtest.shapes import Horizon, Suggestion
from pulsescore.scoring.config import FACTORS, Config
from pulsescore.scoring.wording import NAMES
from pulsescore.web.charts.rates import Rate, percent
from pulsescore.web.words import plural

_STRONG: Final = 0.7
_CHANCE: Final = 0.5

# Why somebody who left could not be looked at, by the count's name.
_LEFT_OUT: Final = (
    ("no_score", "had no score yet on that day"),
    ("too_early", "left before the stored conversations reach back far enough"),
    ("yet_to_come", "is said to leave in the future"),
    ("not_drawn", "left, too, but as many as were drawn are enough"),
    ("unmatched", "had too few others to be compared with on that day"),
)


def headline(one: Horizon) -> str:
    """The answer in a sentence."""
    if one.low is None or one.high is None:
        return (
            f"Too few to say: {plural(one.counts['outcomes'], 'outcome')} can be looked at"
            f" {one.days} days before, and {MIN_OUTCOMES} are needed."
        )
    if one.low > _STRONG:
        return f"The scores told well, {one.days} days before."
    if one.low > _CHANCE:
        return f"The scores told something, {one.days} days before."
    if one.high < _CHANCE:
        return f"The scores told the wrong way round, {one.days} days before."
    return f"The scores did not tell who would leave, {one.days} days before."


def pairs(one: Horizon) -> str:
    """The AUC as one can picture it."""
    return (
        f"In {one.pairs} of 100 pairs the customer who left had the lower score."
        f" Chance allows for any number from {round(100 * (one.low or 0))}"
        f" to {round(100 * (one.high or 0))}; tossing a coin gives 50."
    )


def left_out(one: Horizon) -> list[str]:
    """Who left and could not be looked at, and why."""
    return [
        f"{plural(one.counts[name], 'customer')} {words}"
        for name, words in _LEFT_OUT
        if one.counts.get(name)
    ]


def tenths(one: Horizon) -> list[Rate]:
    """The tenths of scores as columns."""
    return [
        Rate(
            f"Scores {share.low} to {share.high}",
            f"{plural(share.left, 'customer')} left; {share.lift:.1f} times the average",
            share.churn,
            f"{share.low}+",
        )
        for share in one.deciles
        if share.share
    ]


def suggestion_words(found: Suggestion) -> str:
    """What the suggested weights are worth, in a sentence."""
    now, then = round(100 * found.auc_present), round(100 * found.auc)
    if not found.better:
        return (
            f"Other weights would tell {then} of 100 pairs instead of {now}. That may be chance:"
            " nothing is suggested."
        )
    return (
        f"With these weights {then} of 100 pairs come out right instead of {now}, on customers"
        f" that were not used to find them. The gain is {_points(found.gain_low)} to"
        f" {_points(found.gain_high)} pairs."
    )


def weight_lines(found: Suggestion, config: Config) -> list[tuple[str, int, int]]:
    """Each factor's weight now and as suggested, in per cent."""
    total = sum(config.weights.values())
    return [
        (NAMES[key], round(100 * config.weights[key] / total), found.weights[key])
        for key in FACTORS
    ]


def form_values(found: Suggestion) -> Mapping[str, str]:
    """The suggestion as fields of the scoring form."""
    values = {f"weight.{key}": str(percent_) for key, percent_ in found.weights.items()}
    return values | {"comment": f"Suggested by a backtest, {found.days} days before"}


def share_words(share: float) -> str:
    """A share in per cent."""
    return percent(share)


def _points(gain: float) -> str:
    return f"{100 * gain:.0f}"
