"""Organizations whose connection needs somebody."""

from datetime import datetime, timedelta
from typing import NamedTuple

from pulsescore.connectors.intercom.models import Connection
from tests import seeding, seeding_backtest, seeding_intercom
from tools.screenshots import people

REVOKED = (
    "Intercom no longer accepts the access token: it was revoked, or the app was uninstalled. "
    "Connect the workspace again."
)


class Troubled(NamedTuple):
    """The addresses of two connections, and of a run of each."""

    broken: str
    failed_run: str
    lost: str
    refused_run: str


def add_troubled(*, now: datetime) -> Troubled:
    """One connection has lost its token; the other missed more than it believes."""
    broken = seeding.seed(people.BROKEN, customers=12, now=now, name="Broken plc", days=0)
    Connection.objects.for_org(broken.organization.pk).update(
        status="needs_attention", attention_since=now, last_error=REVOKED
    )
    seeding_intercom.fall_silent(broken.connection, now=now)
    failed = seeding.add_run(
        broken.connection,
        status="failed",
        now=now + timedelta(seconds=1),
        error="Intercom no longer accepts the access token.",
    )
    seeding_backtest.add_running(broken, now=now)
    lost = seeding.seed(people.LOST, customers=8, now=now, name="Lost and Found", days=0)
    refused = seeding_intercom.refuse_losses(lost.connection, now=now)
    at_broken, at_lost = (
        f"/settings/integrations/intercom/{one.connection.pk}" for one in (broken, lost)
    )
    return Troubled(
        at_broken, f"{at_broken}/runs/{failed.pk}", at_lost, f"{at_lost}/runs/{refused.pk}"
    )
