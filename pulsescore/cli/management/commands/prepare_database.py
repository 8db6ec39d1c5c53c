"""`prepare_database`: migrations, cache table, static files; one process at a time."""

from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from pulsescore.core.locks import lock_key


class Command(BaseCommand):
    """Brings the database and the static files up to date."""

    help = "Apply migrations and lay out static files; safe when several processes start together."

    def handle(self, *_args: Any, **options: Any) -> None:
        """Whoever comes second waits here and then finds nothing left to do."""
        quiet = min(options["verbosity"], 1) - 1
        with psycopg.connect(settings.CONFIG.database_url, autocommit=True) as guard:
            guard.execute("SELECT pg_advisory_lock(%s)", [lock_key("migrations")])
            call_command("migrate", interactive=False, verbosity=max(quiet, 0))
            call_command("createcachetable", verbosity=0)
            call_command("prepare_static", verbosity=0)
