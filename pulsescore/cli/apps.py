"""Django application of the commands, so that Django finds those that need the database."""

from django.apps import AppConfig


class CliConfig(AppConfig):
    """Registers the commands."""

    name = "pulsescore.cli"
    label = "cli"
