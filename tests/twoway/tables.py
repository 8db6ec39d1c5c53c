"""How a connection is set up in one case: both tables, and what is chosen to be sent."""

from dataclasses import dataclass
from random import Random

Outgoing = tuple[str, str, bool]
Incoming = tuple[str, str, bool]

# Rows of the outgoing table: ours, Intercom's, whether ours wins.
MAPPED: tuple[Outgoing, ...] = (
    ("tier", "custom_attributes.job_title", True),
    ("title", "name", True),
    ("number", "phone", False),
    ("seat_count", "custom_attributes.seats", False),
    ("score", "custom_attributes.monthly_value", True),
)
# Rows of the incoming table: Intercom's, ours, whether theirs wins.
BROUGHT_IN: tuple[Incoming, ...] = (("name", "nick", True), ("phone", "number", False))
# More of both, that only the dice deals with; the region stands in both.
_MORE: tuple[Outgoing, ...] = (
    ("vip", "custom_attributes.onboarded", True),
    ("level", "custom_attributes.level", True),
    ("region", "custom_attributes.region", True),
)
_MORE_IN: tuple[Incoming, ...] = (
    ("custom_attributes.region", "region", True),
    ("custom_attributes.seats", "seats_there", True),
)
EVENTS = ("Ordered", "Viewed", "Left")


@dataclass(frozen=True)
class Tables:
    """What an owner set: rows with their precedence, and who and what is sent beside attributes.

    `leads`: the segment of the big ones is sent as leads. `events`: names, or "*".
    """

    outgoing: tuple[Outgoing, ...] = MAPPED
    incoming: tuple[Incoming, ...] = BROUGHT_IN
    leads: bool = False
    converts: bool = False
    restores: bool = False
    companies: bool = False
    events: tuple[str, ...] = ()


def dealt(dice: Random) -> Tables:
    """The tables of a case: each row's precedence is by chance."""
    return Tables(
        outgoing=tuple((ours, theirs, dice.random() < 0.6) for ours, theirs, _ in MAPPED + _MORE),
        incoming=tuple(
            (theirs, ours, dice.random() < 0.6) for theirs, ours, _ in BROUGHT_IN + _MORE_IN
        ),
        leads=dice.random() < 0.4,
        converts=dice.random() < 0.5,
        restores=dice.random() < 0.4,
        companies=dice.random() < 0.7,
        events=dice.choice((("*",), EVENTS[:2], ())),
    )
