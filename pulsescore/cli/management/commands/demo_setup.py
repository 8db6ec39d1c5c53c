"""`demo_setup`: the demo's account and its connection to the simulated workspace."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from pulsescore.accounts import actions, queries
from pulsescore.core.clock import utcnow
from pulsescore.pipeline import run

EMAIL = "ada@example.com"
PASSWORD = "demo-password"  # noqa: S105 (printed for everybody to see)
ORGANIZATION = "Acme"


class Command(BaseCommand):
    """Signs Ada up and connects her organization; the first import starts by itself."""

    help = "Create the demo account and connect the simulated workspace."

    def add_arguments(self, parser: CommandParser) -> None:
        """The token that the simulator accepts."""
        parser.add_argument("--access-token", required=True)

    def handle(self, *_args: Any, **options: Any) -> None:
        """One registration, one connection."""
        now = utcnow()
        user, organization = actions.register(
            org_name=ORGANIZATION,
            first_name="Ada",
            last_name="Lovelace",
            email=EMAIL,
            password=PASSWORD,
            verified=True,
            now=now,
        )
        actor = queries.get_actor(user=user, org_id=organization.id)
        run.connect_with_token(actor, access_token=options["access_token"], now=now)
