"""`python -m pulsescore` is the `pulsescore` command."""

from pulsescore.cli.main import app

app()
