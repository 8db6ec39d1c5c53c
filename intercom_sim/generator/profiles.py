"""The kinds of customer there are: how often they appear and what their support life is like."""

from dataclasses import dataclass
from typing import Literal

Plot = Literal[
    "quick",
    "slow",
    "bounced",
    "neglected",
    "answered",
    "fresh",
    "snoozed",
    "outreach",
    "ancient",
]


@dataclass(frozen=True)
class Profile:
    """Shares are relative; ranges are inclusive, in days; `must` happens to each of the kind."""

    name: str
    share: float
    seen_days: tuple[float, float]
    never_seen: float
    must: tuple[Plot, ...]
    may: tuple[tuple[Plot, float], ...]


PROFILES = (
    Profile("content", 38.5, (0, 5), 0.02, ("quick",), (("quick", 0.5), ("ancient", 0.25))),
    Profile("regular", 24, (0.2, 8), 0.02, ("quick", "quick"), (("fresh", 0.3), ("quick", 0.5))),
    Profile("waiting", 5, (1, 6), 0.0, ("quick", "answered"), (("snoozed", 0.4), ("quick", 0.4))),
    Profile("drifting", 10, (14, 40), 0.05, ("slow",), (("slow", 0.5), ("ancient", 0.5))),
    Profile("strained", 11, (4, 16), 0.02, ("slow", "bounced"), (("answered", 0.7),)),
    Profile(
        "neglected",
        9,
        (22, 60),
        0.1,
        ("neglected", "neglected", "neglected", "bounced"),
        (("neglected", 0.7), ("slow", 0.8)),
    ),
    Profile("newcomer", 2, (0, 3), 0.0, ("fresh",), ()),
    Profile("silent", 4.2, (0, 70), 0.25, (), ()),
    Profile("dormant", 1.5, (60, 200), 0.1, ("ancient",), (("ancient", 0.5),)),
)
