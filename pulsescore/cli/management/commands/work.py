"""`work`: the background worker."""

import asyncio
import gc
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from pulsescore.core.clock import utcnow
from pulsescore.pipeline import work

# Pages of records make many objects that live briefly and form no cycles; looking for cycles among
# them as often as by default takes more than a tenth of an import.
GC_THRESHOLDS = (50_000, 20, 20)
# The thread that writes comes back from the database thousands of times, and each time would wait
# the default five milliseconds for the thread that maps records.
SWITCH_INTERVAL_SECS = 0.001


def suit_interpreter() -> None:
    """Set the interpreter to what a worker does, for the whole process."""
    gc.set_threshold(*GC_THRESHOLDS)
    sys.setswitchinterval(SWITCH_INTERVAL_SECS)


class Command(BaseCommand):
    """Runs jobs until a signal asks it to stop; open jobs get some seconds to finish."""

    help = "Work on background jobs."

    def add_arguments(self, parser: CommandParser) -> None:
        """How many jobs at once."""
        parser.add_argument("--concurrency", type=int, default=8)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Pick up what an earlier worker left behind, then serve the queue."""
        suit_interpreter()
        work.recover(now=utcnow())
        asyncio.run(_serve(options["concurrency"]))


async def _serve(concurrency: int) -> None:
    connector = DjangoConnector().get_worker_connector()
    with app.replace_connector(connector) as worker_app:
        async with worker_app.open_async():
            await worker_app.run_worker_async(concurrency=concurrency)
