"""`prepare_static`: lay out the static files, if that was not done for this version."""

from typing import Any

from django.core.management.base import BaseCommand

from pulsescore.web import static_files


class Command(BaseCommand):
    """Copies, hashes and compresses static files into the data directory."""

    help = "Lay out static files in the data directory (fast when nothing changed)."

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run it and say what was done."""
        if static_files.lay_out() and options["verbosity"]:
            self.stdout.write("Static files laid out.")
