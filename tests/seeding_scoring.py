"""A scoring that was changed once, and wishes for more."""

from dataclasses import replace
from datetime import datetime, timedelta

from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.scoring import actions
from pulsescore.scoring.config import DEFAULTS
from pulsescore.scoring.override_form import OverrideWish
from pulsescore.scoring.overriding import set_override
from pulsescore.web.scoring.fields import as_values
from tests.seeding import Seeded


def save_stricter_scoring(seeded: Seeded, *, now: datetime) -> dict[str, str]:
    """Make version 2, with a reason; returns the form of a wish that moves many more."""
    actor = Actor(user=seeded.user, org_id=seeded.organization.pk, role=Role.OWNER, via="session")
    stricter = replace(
        DEFAULTS,
        weights={**DEFAULTS.weights, "open_tickets": 0.3, "response_rate": 0.1},
        halves={**DEFAULTS.halves, "open_tickets": 3.0},
        yellow=45.0,
    )
    actions.save_config(actor, config=stricter, comment="Open tickets hurt us most", now=now)
    return as_values(replace(stricter, yellow=60.0, green=90.0))


def override_score(seeded: Seeded, customer_id: int, *, now: datetime) -> None:
    """The seeded person sets a customer's score by hand, for ten days."""
    actor = Actor(user=seeded.user, org_id=seeded.organization.pk, role=Role.OWNER, via="session")
    wish = OverrideWish(62, None, "They renewed for a year on the phone", now + timedelta(days=10))
    set_override(actor, customer_id=customer_id, wish=wish, now=now)
