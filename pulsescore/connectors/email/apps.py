"""Django application of e-mail as a destination: its templates are found through it."""

from django.apps import AppConfig


class EmailConfig(AppConfig):
    """Registers the templates of letters."""

    name = "pulsescore.connectors.email"
    label = "email"
